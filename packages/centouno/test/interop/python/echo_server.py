"""Echoes each message with its type; prints its port, then how each connection ended."""
import asyncio
import json
import sys

import websockets


async def echo(websocket, *_path):
    try:
        async for message in websocket:
            if message == "fragment, please":
                await websocket.send(["one, ", "two, ", "", "three"])
            elif message == "close, please":
                await websocket.close(4001, "as you wish")
            else:
                await websocket.send(message)
    except websockets.exceptions.ConnectionClosedError:
        pass  # So it calls every end but 1000 and 1001, in good order or not.
    print(json.dumps({"code": websocket.close_code, "reason": websocket.close_reason}), flush=True)


async def main():
    async with websockets.serve(echo, "127.0.0.1", 0, subprotocols=["echo.v1"], compression=None) as server:
        print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
        # Ends when the test closes standard input, or is gone.
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
