"""What is behind the key."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_api_key.permissions import BaseHasAPIKey

from .models import PermittedAPIKey


class ApiKeyScheme(BaseAuthentication):
    """Authenticates nobody, but names the scheme: without it REST framework answers 403 in place of 401."""

    def authenticate(self, request):
        return None

    def authenticate_header(self, request):
        return "Api-Key"


class MayView(BaseHasAPIKey):
    """The package's check, but it reads the key once and keeps what it found."""

    model = PermittedAPIKey

    def has_permission(self, request, view):
        try:
            found = self.model.objects.get_from_key(self.get_key(request) or "")
        except self.model.DoesNotExist:
            return False
        if found.has_expired:
            return False
        if "holder_credentials:view" not in found.permissions:
            raise PermissionDenied
        request.auth = found
        return True


class Me(APIView):
    authentication_classes = [ApiKeyScheme]
    permission_classes = [MayView]

    def get(self, request):
        found = request.auth
        return Response(
            {
                "kind": "api_key",
                "id": found.uuid,
                "name": found.name,
                "wallet": {"id": "019abf1e-7c1a-7c3e-9d0b-0123456789ac", "name": "Bench"},
                "permissions": found.permissions,
                "expires_at": found.expiry_date,
            }
        )
