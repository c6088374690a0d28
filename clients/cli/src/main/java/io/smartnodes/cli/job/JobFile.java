package io.smartnodes.cli.job;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.smartnodes.crypto.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job as its user writes it down (YAML). Paths are relative to the file.
 *
 * @param network the network to run in; only {@code wasm} exists
 * @param module path of the program
 * @param inputs folder whose files are the inputs of the units, in the order of their names
 * @param generate how inputs are made instead
 * @param assemble how outputs become one file
 */
public record JobFile(
    @Nullable String network,
    @Nullable String module,
    @Nullable String inputs,
    @Nullable Generate generate,
    @Nullable Assemble assemble) {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final int MAX_UNITS = 65_536;

  /** Inputs from a template: {@code {x}} and {@code {y}} are a tile's corner in pixels. */
  public record Generate(int count, int columns, int tile, String input) {}

  /** Raw RGB tiles that become a picture, row by row. */
  public record Assemble(String format, int width, int height, int tile, String output) {}

  /**
   * Reads a file and everything that it names.
   *
   * @throws IllegalArgumentException with the field at fault and what to write instead
   */
  public static JobWork read(Path file) throws IOException {
    JobFile job;
    try {
      job = YAML.readValue(file.toFile(), JobFile.class);
    } catch (JsonMappingException wrong) {
      throw new IllegalArgumentException(
          file + ": " + wrong.getPathReference() + ": " + wrong.getOriginalMessage(), wrong);
    }
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
    check(job.network == null || job.network.equals("wasm"), file, "network: only 'wasm' exists");
    String module = job.module;
    check(module != null && !module.isBlank(), file, "module: the path of a .wasm file is missing");
    check(
        (job.inputs == null) != (job.generate == null),
        file,
        "inputs: give either a folder or 'generate'");
    Path program = folder.resolve(module == null ? "" : module);
    if (job.generate != null) {
      return generated(file, program, job.generate, Optional.ofNullable(job.assemble));
    }
    return JobFile.of(program, folder.resolve(job.inputs == null ? "." : job.inputs));
  }

  /**
   * A job over the files of a folder.
   *
   * @throws IllegalArgumentException if the folder has no files
   */
  public static JobWork of(Path module, Path inputs) throws IOException {
    if (!Files.isRegularFile(module)) {
      throw new IllegalArgumentException(module + ": no such module; give a .wasm file");
    }
    if (!Files.isDirectory(inputs)) {
      throw new IllegalArgumentException(inputs + ": no such folder of inputs");
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(inputs)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    if (files.isEmpty() || files.size() > MAX_UNITS) {
      throw new IllegalArgumentException(
          inputs + ": has " + files.size() + " files; a job has 1 to " + MAX_UNITS + " units");
    }
    List<Bytes> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Bytes.of(Files.readAllBytes(file)));
    }
    return new JobWork(
        Bytes.of(Files.readAllBytes(module)),
        contents,
        files.stream().map(file -> file.getFileName().toString()).toList(),
        Optional.empty());
  }

  private static JobWork generated(
      Path file, Path module, Generate generate, Optional<Assemble> assemble) throws IOException {
    check(
        generate.count >= 1 && generate.count <= MAX_UNITS,
        file,
        "generate.count: 1 to " + MAX_UNITS);
    check(generate.columns >= 1, file, "generate.columns: at least 1");
    List<Bytes> inputs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < generate.count; i++) {
      String input =
          generate
              .input
              .replace("{x}", Integer.toString(i % generate.columns * generate.tile))
              .replace("{y}", Integer.toString(i / generate.columns * generate.tile));
      inputs.add(Bytes.of(input.getBytes(StandardCharsets.UTF_8)));
      names.add("unit-" + i);
    }
    return new JobWork(Bytes.of(Files.readAllBytes(module)), inputs, names, assemble);
  }

  private static void check(boolean holds, Path file, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(file + ": " + otherwise);
    }
  }
}
