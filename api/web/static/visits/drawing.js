// A signature, drawn with a finger, a pen or a mouse.
export function prepare(canvas) {
  const context = canvas.getContext("2d");
  let drawn = false;

  function size() {
    const scale = devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    context.scale(scale, scale);
    // Ink on paper, whatever the colours of the page: it is to be read in a file.
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    Object.assign(context, { lineWidth: 2.5, lineCap: "round", lineJoin: "round", strokeStyle: "#10202a" });
    drawn = false;
  }

  function at(event) {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!canvas.dataset.ready) size();
    canvas.dataset.ready = "yes";
    context.beginPath();
    context.moveTo(...at(event));
    context.lineTo(...at(event));
    context.stroke();
    drawn = true;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    context.lineTo(...at(event));
    context.stroke();
  });

  return {
    clear() {
      size();
      canvas.dataset.ready = "yes";
    },
    // Base64 of a PNG; empty if nothing was drawn.
    content: () => (drawn ? canvas.toDataURL("image/png").split(",")[1] : ""),
  };
}
