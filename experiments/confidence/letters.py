"""Draws letters with OpenCV's Hershey faces, bent and slanted: other shapes than those that detectors learn from."""
import random

import cv2
import numpy as np

# b, g, i, l, o, q, s, z and B, I, O, S, Z are left out: they can be written like digits.
LETTERS = "acdefhjkmnprtuvwxyACDEFGHJKLMNPQRTUVWXY"
FACES = [
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
]
SIDE_PX = 260


def bent(ink, chance):
    """The ink slanted, turned a little and moved by a smooth random field."""
    matrix = np.float32([[1, chance.gauss(0, 0.12), 0], [chance.gauss(0, 0.05), 1, 0]])
    centre = np.float32([SIDE_PX / 2, SIDE_PX / 2])
    matrix[:, 2] = centre - matrix[:, :2] @ centre
    ink = cv2.warpAffine(ink, matrix, (SIDE_PX, SIDE_PX), flags=cv2.INTER_CUBIC)
    noise = np.random.RandomState(chance.randrange(1 << 30))
    width, height = chance.choice([8, 12, 16]), chance.choice([0, 20, 40, 60])
    field = [
        height * cv2.GaussianBlur(noise.uniform(-1, 1, ink.shape).astype(np.float32), (0, 0), width) for _ in range(2)
    ]
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX].astype(np.float32)
    return cv2.remap(ink, x + field[0], y + field[1], cv2.INTER_LINEAR)


def draw(folder, count, seed=1):
    """Writes pictures of letters, dark on light, each with a margin."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        letter, face = LETTERS[number % len(LETTERS)], chance.choice(FACES)
        ink, pen_px = np.zeros((SIDE_PX, SIDE_PX), np.uint8), chance.choice([3, 4, 6, 8, 12])
        scale = 8 if face == cv2.FONT_HERSHEY_PLAIN else 4
        (width, height), _ = cv2.getTextSize(letter, face, scale, pen_px)
        place = ((SIDE_PX - width) // 2, (SIDE_PX + height) // 2)
        cv2.putText(ink, letter, place, face, scale, 255, pen_px, cv2.LINE_AA)
        ink = np.pad(bent(ink, chance), 60)
        rows, columns = np.nonzero(ink > 60)
        margin = chance.randrange(8, 30)
        ink = ink[rows.min() - margin : rows.max() + margin, columns.min() - margin : columns.max() + margin]
        dark, light = chance.randrange(20, 90), chance.randrange(225, 256)
        picture = light - (light - dark) * (ink / 255.0)
        picture = cv2.resize(picture, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / f"letter-{ord(letter)}-{number}.png"), picture.clip(0, 255).astype(np.uint8))
