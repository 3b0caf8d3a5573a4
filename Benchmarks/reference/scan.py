"""What a scan is compared with: walk, SHA-256 and dimensions, with hashlib and Pillow on two processes."""

import hashlib
import multiprocessing
import os
import sys

from PIL import Image


def read(path):
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else (
            hashlib.sha256(file.read()).hexdigest())
    with Image.open(path) as image:
        return digest, image.size


def main(folder):
    paths = [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names]
    with multiprocessing.Pool(2) as pool:
        print(sum(1 for _ in pool.imap_unordered(read, paths, chunksize=64)))


if __name__ == "__main__":
    main(sys.argv[1])
