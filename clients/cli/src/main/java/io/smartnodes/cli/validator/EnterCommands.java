package io.smartnodes.cli.validator;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.AddressConverter;
import io.smartnodes.cli.terminal.AmountConverter;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Entering the set, and staying in it. */
final class EnterCommands {
  /** The one that consumes the request, the one after, and one that is late. */
  private static final int EPOCHS = 3;

  private static final Duration LEAST = Duration.ofHours(1);

  private EnterCommands() {}

  /** A place in the set takes a join period for each who joins: that comes before the epochs. */
  private static Duration untilTurn(OnChain chain, Instant turn) {
    Duration queue = Duration.between(chain.time(), turn);
    return chain.epochs(EPOCHS, LEAST).plus(queue.isNegative() ? Duration.ZERO : queue);
  }

  /** {@code smartnodes validator join}. */
  @Command(
      name = "join",
      mixinStandardHelpOptions = true,
      description =
          "Stakes SNO of one's account and asks to enter the set with the node key of the same"
              + " folder. Start the validator before: it must know the state when its turn comes.",
      footer = {
        "",
        "Examples:",
        "  smartnodes validator join --stake 1000 --wait --deployment deployment.json \\",
        "      --rpc http://localhost:8545 --keys ~/validator --password-file ~/password",
        "  smartnodes validator join --stake 1000 --payout 0x90f8…",
        "",
        "Exit codes: 0 queued (with --wait: votes), 1 refused, 2 wrong usage."
      })
  static final class Join implements Callable<Integer> {
    @Option(
        names = "--stake",
        paramLabel = "SNO",
        required = true,
        converter = AmountConverter.class,
        description = "at least the minimum that 'status' shows")
    private Amount stake = Amount.ZERO;

    @Option(
        names = "--payout",
        paramLabel = "ACCOUNT",
        converter = AddressConverter.class,
        description = "where earnings and the stake go (default: one's own account)")
    private @Nullable Address payout;

    @Option(names = "--wait", description = "wait until the set has it")
    private boolean wait;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Stakes stakes = new Stakes(chain);
      output.terminal().step("Staking; this needs two transactions");
      Receipt receipt =
          stakes.join(chain.identity().node(), payout == null ? chain.account() : payout, stake);
      if (wait) {
        Instant turn = stakes.operator(chain.account()).since();
        output.terminal().step("Waiting for the set that has it; its turn is at " + turn);
        chain.await(
            "entering the set",
            untilTurn(chain, turn),
            () -> stakes.operator(chain.account()).inSet());
      }
      return ValidatorCommand.done(
          output,
          stakes,
          chain.account(),
          receipt.transactionHash().toString(),
          "joined; 'smartnodes validator status' tells when it votes");
    }
  }

  /** {@code smartnodes validator top-up}. */
  @Command(
      name = "top-up",
      mixinStandardHelpOptions = true,
      description = "Adds SNO to one's stake.",
      footer = {
        "",
        "Example:",
        "  smartnodes validator top-up 250 --as validator-2",
        "",
        "Exit codes: 0 added, 1 refused, 2 wrong usage."
      })
  static final class TopUp implements Callable<Integer> {
    @Parameters(paramLabel = "SNO", converter = AmountConverter.class, description = "how much")
    private Amount amount = Amount.ZERO;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Stakes stakes = new Stakes(chain);
      Receipt receipt = stakes.topUp(amount);
      return ValidatorCommand.done(
          output, stakes, chain.account(), receipt.transactionHash().toString(), "added");
    }
  }

  /** {@code smartnodes validator rotate}. */
  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description =
          "Changes the node key: binds a new one on the chain; the next set has it. Stop the"
              + " validator, rotate, and start it again with the new keystore when 'status' shows"
              + " the new node in the set. Until then the network does without it.",
      footer = {
        "",
        "Examples:",
        "  smartnodes validator rotate --node new-node.json --wait --as validator-2",
        "",
        "A keystore that does not exist is made, with the password of the others.",
        "Keep the old keystore: what it signed stays accountable.",
        "",
        "Exit codes: 0 queued (with --wait: in the set), 1 refused, 2 wrong usage."
      })
  static final class Rotate implements Callable<Integer> {
    @Option(
        names = "--node",
        paramLabel = "FILE",
        required = true,
        description = "keystore of the new node key, made if it is missing")
    private Path node = Path.of("node.json");

    @Option(
        names = "--payout",
        paramLabel = "ACCOUNT",
        converter = AddressConverter.class,
        description = "where earnings and the stake go from now on (default: as before)")
    private @Nullable Address payout;

    @Option(names = "--wait", description = "wait until the set has the key")
    private boolean wait;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Stakes stakes = new Stakes(chain);
      NodeKey key = key();
      Address to = payout == null ? stakes.operator(chain.account()).payout() : payout;
      Receipt receipt = stakes.rotate(key, to);
      if (wait) {
        output.terminal().step("Waiting for the set that has the key; the next epoch at best");
        chain.await(
            "the new key in the set",
            chain.epochs(EPOCHS, LEAST),
            () -> stakes.set().stream().anyMatch(m -> m.node().equals(key.address())));
      }
      return ValidatorCommand.done(
          output,
          stakes,
          chain.account(),
          receipt.transactionHash().toString(),
          "bound; start the validator with " + node + " once the set has " + key.address());
    }

    private NodeKey key() throws IOException {
      if (Files.exists(node)) {
        return Keystore.read(node, connection.password());
      }
      NodeKey key = NodeKey.generate(new SecureRandom());
      Keystore.write(node, key, connection.password(), Keystore.Strength.STANDARD);
      return key;
    }
  }
}
