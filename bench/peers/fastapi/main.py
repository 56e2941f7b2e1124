"""An API whose keys are in a dict, checked by a dependency."""

import json
import os
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Security, status
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, TypeAdapter


class Wallet(BaseModel):
    id: UUID
    name: str


class ApiKey(BaseModel):
    kind: str
    id: UUID
    name: str
    wallet: Wallet
    permissions: list[str]
    expires_at: datetime


with open(os.environ["KEYS_JSON"]) as file:
    KEYS = TypeAdapter(dict[str, ApiKey]).validate_python(json.load(file))

app = FastAPI()
header = APIKeyHeader(name="x-api-key")


async def api_key(presented: Annotated[str, Security(header)]) -> ApiKey:
    found = KEYS.get(presented)
    if found is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Invalid API key")
    return found


async def viewer(found: Annotated[ApiKey, Depends(api_key)]) -> ApiKey:
    if "holder_credentials:view" not in found.permissions:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Missing permission")
    return found


@app.get("/me")
async def me(found: Annotated[ApiKey, Depends(viewer)]) -> ApiKey:
    return found
