"""A broker from a wheel, for machines without mosquitto: MQTT 3.1.1, no TLS, for a look around."""

import asyncio
import logging
import os
import signal

from amqtt.broker import Broker


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {
                "amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}
            },
        }
    )
    await broker.start()
    await stop.wait()
    await broker.shutdown()


def main() -> None:
    """Serve on ``BROKER_PORT`` of the loopback interface until told to stop."""
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(_serve(int(os.environ["BROKER_PORT"])))


if __name__ == "__main__":
    main()
