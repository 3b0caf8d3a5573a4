"""What thumbnails are compared with: Pillow, 256 px WebP, on two processes."""

import multiprocessing
import os
import sys

from PIL import Image, ImageOps


def make(job):
    path, target = job
    with Image.open(path) as image:
        image.draft("RGB", (256, 256))
        image = ImageOps.exif_transpose(image)
        image.thumbnail((256, 256))
        image.save(target, "WEBP", quality=80)


def main(folder, target):
    jobs = [(os.path.join(folder, name), os.path.join(target, name + ".webp")) for name in sorted(os.listdir(folder))]
    with multiprocessing.Pool(2) as pool:
        pool.map(make, jobs, chunksize=4)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
