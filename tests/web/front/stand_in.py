"""Stands in for the dashboard's process: tells what it was asked, echoes WebSockets, sends much, or ends."""

from __future__ import annotations

import os
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket


async def tell(request: Request) -> Response:
    if request.headers.get("if-none-match") == '"known"':
        return Response(status_code=304, headers={"ETag": '"known"'})
    told = {"target": str(request.url.path), "query": request.url.query, "headers": dict(request.headers)}
    return JSONResponse(told, headers={"ETag": '"known"'})


async def much(request: Request) -> Response:
    return PlainTextResponse(b"x" * 20_000_000)


async def end(request: Request) -> Response:
    os._exit(3)


async def echo(websocket: WebSocket) -> None:
    if "refuse" in websocket.query_params:
        await websocket.close()
        return
    await websocket.accept(subprotocol=(websocket.scope["subprotocols"] or [None])[0])
    await websocket.send_json(dict(websocket.headers))
    async for message in websocket.iter_bytes():
        await websocket.send_bytes(message)


if __name__ == "__main__":
    routes = [
        Route("/much", much),
        Route("/end", end),
        WebSocketRoute("/_stcore/stream", echo),
        Route("/{path:path}", tell),
    ]
    uvicorn.run(Starlette(routes=routes), uds=sys.argv[1], log_level="error", ws="websockets-sansio")
