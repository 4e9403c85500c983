"""A small complaint service on FastAPI and SQLAlchemy, with the rules embedded.

uvicorn examples.fastapi_crm.crm:app        # then open http://127.0.0.1:8000
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import FileResponse

from examples.fastapi_crm import interview, rules, tmf621
from examples.fastapi_crm.host import Base, engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def run_worker(_app: FastAPI) -> AsyncIterator[None]:
    """Let the clocks run and the effects be done beside the service."""
    Base.metadata.create_all(engine)
    running = asyncio.create_task(asyncio.to_thread(rules.worker.run))
    yield
    rules.worker.stop()
    await running


app = FastAPI(title="投诉服务", lifespan=run_worker)
app.include_router(rules.router, prefix="/complaints")
app.include_router(interview.router, prefix="/interview")
app.include_router(tmf621.router, prefix=tmf621.PATH)


@app.get("/", include_in_schema=False)
def show_page() -> FileResponse:
    """Return the one page of the service."""
    return FileResponse(Path(__file__).with_name("page.html"))
