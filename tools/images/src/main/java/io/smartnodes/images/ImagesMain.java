package io.smartnodes.images;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that {@code ./smartnodes build images} is made of. */
@Command(
    name = "images",
    description = "Packs and checks container images.",
    subcommands = {PackCommand.class, BillCommand.class, CheckCommand.class, DigestsCommand.class})
public final class ImagesMain {
  private ImagesMain() {}

  /** Exit code 0, 1 when a check finds something or packing fails, 2 for wrong arguments. */
  public static void main(String... args) {
    System.exit(new CommandLine(new ImagesMain()).execute(args));
  }
}
