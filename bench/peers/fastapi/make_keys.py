"""make_keys.py COUNT KEYS JSON: the keys as text, one a line, and what the server knows about each."""

import json
import secrets
import sys
import uuid

PERMISSIONS = ["holder_credentials:view"]

count, keys_path, json_path = int(sys.argv[1]), sys.argv[2], sys.argv[3]

records = {
    secrets.token_urlsafe(32): {
        "kind": "api_key",
        "id": str(uuid.uuid4()),
        "name": f"key-{number:06}",
        "wallet": {"id": str(uuid.uuid4()), "name": "Bench"},
        "permissions": PERMISSIONS if number <= count else [],
        "expires_at": "2027-11-24T00:00:00Z",
    }
    for number in range(1, count + 2)
}
with open(keys_path, "w") as file:
    file.writelines(f"{key}\n" for key in records)
with open(json_path, "w") as file:
    json.dump(records, file)
