package io.smartnodes.images;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what two builds are compared by. */
@Command(name = "digests", description = "Shows the layers of archives: digest and size.")
final class DigestsCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", description = "image archives")
  List<Path> archives = List.of();

  @Override
  public Integer call() throws Exception {
    for (Path file : archives) {
      ImageArchive image = ImageArchive.read(file);
      for (ImageArchive.Layer layer : image.layers()) {
        System.out.printf(
            "%s %s %d %d%n",
            image.reference(),
            layer.diffId(),
            layer.compressed(),
            layer.entries().stream().mapToLong(ImageArchive.Entry::size).sum());
      }
    }
    return 0;
  }
}
