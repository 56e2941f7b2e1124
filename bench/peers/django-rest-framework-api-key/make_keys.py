"""make_keys.py COUNT KEYS: the tables, the keys in them, and their texts, one a line."""

import sys
from datetime import UTC, datetime

import django
from django.core.management import call_command

django.setup()
from keys.models import PermittedAPIKey  # noqa: E402 (only after setup)

count, keys_path = int(sys.argv[1]), sys.argv[2]
call_command("migrate", run_syncdb=True, verbosity=0)

records = [
    PermittedAPIKey(
        name=f"key-{number:06}",
        permissions=["holder_credentials:view"] if number <= count else [],
        expiry_date=datetime(2027, 11, 24, tzinfo=UTC),
    )
    for number in range(1, count + 2)
]
with open(keys_path, "w") as file:
    file.writelines(f"{PermittedAPIKey.objects.assign_key(record)}\n" for record in records)
PermittedAPIKey.objects.bulk_create(records)
