"""A folder of model files for the gallery, and the requests of another client to it."""

import io
import json
import struct

import requests
from PIL import Image, ImageDraw


def model_file(path, seed=0, size=4096, **metadata):
    """Writes a safetensors file without tensors that only its header and a seed tell from others; sparse when large."""
    header = json.dumps({"__metadata__": {key: str(value) for key, value in metadata.items()}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + struct.pack("<Q", seed))
        file.truncate(max(size, file.tell()))
    return path


def picture(number, size=(180, 240), kind="PNG"):
    """Bytes of a picture that can be told from those of other numbers: its colour says which it is."""
    image = Image.new("RGB", size, colour(number))
    draw = ImageDraw.Draw(image)
    for step in range(3):
        draw.ellipse([20 + 40 * step, 30 + 50 * step, 90 + 40 * step, 110 + 50 * step], outline="white", width=4)
    output = io.BytesIO()
    image.save(output, kind)
    return output.getvalue()


def colour(number):
    """Of a picture, at its corner."""
    return (40 + 60 * (number % 4), 40 + 60 * (number // 4 % 4), 40 + 60 * (number // 16 % 4))


class GalleryClient:
    """Another client of the gallery, to fill it and to change what a page shows."""

    def __init__(self, server, token=None):
        self.address = server.address
        self.folder = server.data / "models"
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method, path, **options):
        """The answer, which must not be an error."""
        response = self._session.request(method, f"{self.address}{path}", timeout=60, **options)
        assert response.status_code < 300, (method, path, response.status_code, response.text)
        return response.json()

    def scan(self):
        """Looks for new files; ids of the new records."""
        return self.ask("POST", "/api/models/scan", json={})["pending_ids"]

    def pending(self):
        """What waits, by name."""
        return {model["name"]: model for model in self.ask("GET", "/api/migration/pending_models")["models"]}

    def take_in(self, ids, strategy=None):
        """Imports records."""
        return self.ask("POST", "/api/migration/import_models", json={"id": ids, "conflict_strategy": strategy})

    def models(self, kind):
        """Models of a type, by name."""
        return {model["name"]: model for model in self.ask("GET", f"/api/models?type={kind}")["models"]}

    def record(self, sha256):
        """All that is known of a model."""
        record = self.ask("GET", f"/api/models/{sha256}")
        return {**record, "meta": json.loads(record["meta_json"])}

    def change(self, sha256, **fields):
        """Changes a model."""
        return self.ask("PATCH", f"/api/models/{sha256}", json=fields)

    def tag(self, sha256, *names):
        """Gives a model these tags instead of those that it has."""
        tags = self.ask("POST", "/api/tags_add", json={"newtags": list(names)})["tags"]
        self.change(sha256, tags=[tag["id"] for tag in tags])

    def add_sample(self, sha256, data):
        """Gives a model a further picture."""
        return self.ask("POST", "/api/images/upload", data={"sha256": sha256}, files={"image": ("p.png", data)})

    def remove_sample(self, sha256, number):
        """Takes a picture of a model away."""
        return self.ask("DELETE", f"/api/images/delete?sha256={sha256}&seq={number}")

    def samples(self, sha256):
        """How many pictures a model has."""
        return self.ask("GET", f"/api/images/get_img_num?sha256={sha256}")["count"]
