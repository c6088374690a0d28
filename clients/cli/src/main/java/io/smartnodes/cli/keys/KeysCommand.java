package io.smartnodes.cli.keys;

import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.sdk.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smartnodes keys}. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description =
        "Keystores of an account and a node: account.json holds money and signs transactions,"
            + " node.json is the identity towards other nodes.",
    subcommands = {KeysCommand.Create.class, KeysCommand.Show.class},
    synopsisSubcommandLabel = "COMMAND")
public final class KeysCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageProblem("a command is missing: keys create | show");
  }

  /** Where the keystores are. */
  static final class Folder {
    @Parameters(paramLabel = "DIR", description = "folder with account.json and node.json")
    private Path folder = Path.of("keys");

    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        required = true,
        description = "password of both keystores")
    private Path passwordFile = Path.of("password");

    boolean has(String name) {
      return Files.exists(folder.resolve(name));
    }

    Map<String, String> open() throws IOException {
      String password = Files.readString(passwordFile).strip();
      if (password.isEmpty()) {
        throw new UsageProblem(passwordFile + ": the password is empty");
      }
      Identity identity = Identity.openOrCreate(folder, password, Keystore.Strength.STANDARD);
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("account", identity.account().address().toString());
      facts.put("peerId", identity.peerId().toString());
      facts.put("node", identity.node().address().toString());
      facts.put("nodeKey", identity.node().publicKey().bytes().toString());
      return facts;
    }
  }

  /** {@code smartnodes keys create}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Makes new keys. Existing keystores are never overwritten.",
      footer = {
        "",
        "Example:",
        "  smartnodes keys create validator/ --password-file password",
        "",
        "Exit codes: 0 made, 1 failed, 2 wrong usage, or there are keys already."
      })
  static final class Create implements Callable<Integer> {
    @Mixin private Folder folder = new Folder();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      Stream.of("account.json", "node.json")
          .filter(folder::has)
          .findFirst()
          .ifPresent(name -> {
            throw new UsageProblem(
                folder.folder.resolve(name) + " exists; 'smartnodes keys show' tells what it is");
          });
      output.show(folder.open());
      return ExitCode.OK;
    }
  }

  /** {@code smartnodes keys show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows the public side of keys: account, peer id and node key.",
      footer = {
        "",
        "Example:",
        "  smartnodes keys show validator/ --password-file password",
        "",
        "Exit codes: 0 shown, 1 wrong password, 2 wrong usage, or a keystore is missing."
      })
  static final class Show implements Callable<Integer> {
    @Mixin private Folder folder = new Folder();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      Stream.of("account.json", "node.json")
          .filter(name -> !folder.has(name))
          .findFirst()
          .ifPresent(name -> {
            throw new UsageProblem(
                folder.folder.resolve(name)
                    + " is missing; 'smartnodes keys create' makes both keystores");
          });
      output.show(folder.open());
      return ExitCode.OK;
    }
  }
}
