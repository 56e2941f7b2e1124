"""An API key with permissions."""

import uuid

from django.db import models
from rest_framework_api_key.models import AbstractAPIKey


class PermittedAPIKey(AbstractAPIKey):
    uuid = models.UUIDField(default=uuid.uuid4)
    permissions = models.JSONField(default=list)
