package io.smartnodes.cli.job;

import io.smartnodes.crypto.Bytes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import javax.imageio.ImageIO;

/** Tiles of raw RGB put together to a PNG. */
final class Picture {
  private static final int BYTES_PER_PIXEL = 3;

  private Picture() {}

  static void write(JobFile.Assemble how, SortedMap<Long, Bytes> tiles, Path file)
      throws IOException {
    if (!how.format().equals("rgb-tiles") || how.tile() < 1 || how.width() % how.tile() != 0) {
      throw new IllegalArgumentException(
          "assemble: format 'rgb-tiles' with a width that is a multiple of the tile");
    }
    BufferedImage image = new BufferedImage(how.width(), how.height(), BufferedImage.TYPE_INT_RGB);
    int columns = how.width() / how.tile();
    for (var entry : tiles.entrySet()) {
      int index = Math.toIntExact(entry.getKey());
      byte[] pixels = entry.getValue().toArray();
      if (pixels.length != how.tile() * how.tile() * BYTES_PER_PIXEL) {
        throw new IllegalArgumentException(
            "unit " + index + " has " + pixels.length + " bytes, which is no tile");
      }
      draw(image, pixels, index % columns * how.tile(), index / columns * how.tile(), how.tile());
    }
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("this JDK cannot write PNG files");
    }
  }

  private static void draw(BufferedImage image, byte[] pixels, int x, int y, int tile) {
    for (int i = 0; i < tile * tile; i++) {
      int at = i * BYTES_PER_PIXEL;
      int rgb = (pixels[at] & 0xFF) << 16 | (pixels[at + 1] & 0xFF) << 8 | (pixels[at + 2] & 0xFF);
      image.setRGB(x + i % tile, y + i / tile, rgb);
    }
  }
}
