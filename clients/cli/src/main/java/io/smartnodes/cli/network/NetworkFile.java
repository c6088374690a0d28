package io.smartnodes.cli.network;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.smartnodes.cli.network.process.LocalValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What other commands need to know of a running local network: {@code network.json} of its folder,
 * written when everything is ready and gone when it ends.
 *
 * @param pid the process that holds the network
 * @param seed of its keys
 * @param rpc address of the chain
 * @param deployment path of deployment.json
 * @param password path of the password file of all keystores
 * @param user folder with the user's keystores
 * @param validators in the order of the set
 * @param workers in the order of their numbers
 */
public record NetworkFile(
    long pid,
    long seed,
    String rpc,
    String deployment,
    String password,
    String user,
    List<ValidatorEntry> validators,
    List<WorkerEntry> workers) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String NAME = "network.json";

  /** A validator, and its processes on this machine. */
  public record ValidatorEntry(
      String name, String operator, String bootstrap, List<ProcessEntry> processes) {}

  /** A process; health is empty for one that tells nobody. */
  public record ProcessEntry(String name, long pid, String health, String log) {}

  /** A worker. */
  public record WorkerEntry(String name, long pid, String account, boolean honest, String log) {}

  /** The network that runs in a folder, empty if none does. */
  public static Optional<NetworkFile> read(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file) || !NetworkFolder.isHeld(folder)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), NetworkFile.class));
    } catch (IOException failed) {
      throw new UncheckedIOException(file + " cannot be read", failed);
    }
  }

  /** Writes it whole or not at all. */
  void write(NetworkFolder folder) {
    try {
      Path draft = folder.resolve(NAME + ".draft");
      JSON.writeValue(draft.toFile(), this);
      Files.move(draft, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** What other commands need to know of a running network. */
  static NetworkFile of(LocalNetwork network) {
    return new NetworkFile(
        ProcessHandle.current().pid(),
        network.plan().seed(),
        network.anvil().rpcUrl().toString(),
        network.deploymentFile().toString(),
        network.password().toString(),
        network.folder().resolve("user").toString(),
        network.validators().stream().map(NetworkFile::entry).toList(),
        network.workers().stream()
            .map(w ->
                new NetworkFile.WorkerEntry(
                    w.name(),
                    w.process().pid(),
                    w.account().toString(),
                    w.honest(),
                    w.process().log().toString()))
            .toList());
  }

  private static ValidatorEntry entry(LocalValidator validator) {
    return new ValidatorEntry(
        validator.name(),
        validator.operator().toString(),
        validator.bootstrap().toString(),
        validator.parts().stream()
            .map(part ->
                new ProcessEntry(
                    part.name(),
                    part.process().pid(),
                    part.health().map(URI::toString).orElse(""),
                    part.process().log().toString()))
            .toList());
  }
}
