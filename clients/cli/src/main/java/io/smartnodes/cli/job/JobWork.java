package io.smartnodes.cli.job;

import io.smartnodes.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a job runs, read from its files.
 *
 * @param module the program
 * @param inputs of the units, in order
 * @param names of the units, for their outputs
 * @param assemble how outputs become one file
 */
public record JobWork(
    Bytes module, List<Bytes> inputs, List<String> names, Optional<JobFile.Assemble> assemble) {
  /** Copies the lists. */
  public JobWork {
    inputs = List.copyOf(inputs);
    names = List.copyOf(names);
  }

  /** How many units there are. */
  public int units() {
    return inputs.size();
  }

  /**
   * Writes the outputs into a folder: one picture if the job says so, else a file per unit.
   *
   * @return the picture or the folder
   */
  public Path write(SortedMap<Long, Bytes> outputs, Path folder) throws IOException {
    Files.createDirectories(folder);
    if (assemble.isPresent()) {
      Path picture = folder.resolve(assemble.get().output());
      Picture.write(assemble.get(), outputs, picture);
      return picture;
    }
    for (var output : outputs.entrySet()) {
      String name = names.get(output.getKey().intValue());
      Files.write(folder.resolve(name + ".out"), output.getValue().toArray());
    }
    return folder;
  }
}
