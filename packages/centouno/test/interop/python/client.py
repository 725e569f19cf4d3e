"""Talks to an echo server in every way the test asks for; prints what it saw as one JSON object."""
import asyncio
import json
import sys

import websockets


async def main(url):
    seen = {}
    async with websockets.connect(url, subprotocols=["other.v1", "echo.v1"], compression=None) as websocket:
        seen["subprotocol"] = websocket.subprotocol
        await websocket.send("hello, 你好")
        seen["text"] = await websocket.recv()
        await websocket.send(bytes(range(256)))
        seen["binary"] = list(await websocket.recv()) == list(range(256))
        mebibyte = "é" * (512 * 1024)
        await websocket.send(mebibyte)
        seen["mebibyte"] = (await websocket.recv()) == mebibyte
        await websocket.send(["one, ", "two, ", "", "three"])
        seen["fragmented"] = await websocket.recv()
        await asyncio.wait_for(await websocket.ping(b"are you there"), 5)
        seen["pong"] = True
        await websocket.close(4002, "done 完")
        seen["code"] = websocket.close_code
        seen["reason"] = websocket.close_reason
    print(json.dumps(seen))


asyncio.run(main(sys.argv[1]))
