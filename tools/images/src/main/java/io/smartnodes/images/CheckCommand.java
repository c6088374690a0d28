package io.smartnodes.images;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks archives by {@link ImageRules}. */
@Command(name = "check", description = "Checks archives: rights, user, labels, contents.")
final class CheckCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", description = "image archives")
  List<Path> archives = List.of();

  @Override
  public Integer call() throws Exception {
    int broken = 0;
    for (Path file : archives) {
      ImageArchive image = ImageArchive.read(file);
      List<String> breaches = ImageRules.breaches(image);
      breaches.forEach(breach -> System.out.printf("%s: %s%n", image.reference(), breach));
      broken += breaches.size();
      if (breaches.isEmpty()) {
        System.out.printf(
            "%s: %d layers, as they should be%n", image.reference(), image.layers().size());
      }
    }
    return broken == 0 ? 0 : 1;
  }
}
