// Shows what was pushed. A second delivery of the same message takes the place of the first.
self.addEventListener("push", (event) => {
  const { title, body, link, tag, urgent } = event.data.json();
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      tag,
      data: { link },
      icon: "/static/icon.svg",
      requireInteraction: urgent,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.link));
});
