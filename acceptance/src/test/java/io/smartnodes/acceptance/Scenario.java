package io.smartnodes.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.network.process.Programs;
import io.smartnodes.cli.session.Session;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.Errors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A network that runs, and those who use it; everything ends with it. */
final class Scenario implements AutoCloseable {
  private static final Duration REGISTERED = Duration.ofMinutes(10);

  private static @Nullable Scenario shared;

  private final LocalNetwork network;
  private final List<Session> sessions = new ArrayList<>();

  private Scenario(LocalNetwork network) {
    this.network = network;
  }

  /** The checkout under test. */
  static Path root() {
    return Path.of(System.getProperty("smartnodes.root"));
  }

  /** The programs of the checkout. */
  static Programs programs() {
    Path installed =
        root().resolve("contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    return Programs.of(root(), Anvil.find(Optional.of(installed)).orElseThrow());
  }

  /** A network that is ready, in a folder below target. */
  static Scenario with(NetworkPlan plan, String name) throws IOException, InterruptedException {
    NetworkFolder folder = NetworkFolder.take(root().resolve("acceptance/target/" + name));
    LocalNetwork network = new LocalNetwork(plan, programs(), folder);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(network::close));
    network.startChain();
    network.deploy();
    network.startValidators();
    network.startWorkers();
    return new Scenario(network);
  }

  /** One honest network for all who only ask; it ends with the JVM. */
  static synchronized Scenario shared() {
    Scenario running = shared;
    if (running == null) {
      try {
        running = with(new NetworkPlan(4, 3, 0, 0, 42), "shared");
      } catch (IOException | InterruptedException failed) {
        throw new IllegalStateException("the network does not start", failed);
      }
      shared = running;
    }
    return running;
  }

  /** The network. */
  LocalNetwork network() {
    return network;
  }

  /** The user who owns SNO, registered. */
  Session user() {
    Session user = connect(network.keys().user());
    try {
      user.registerAsUser(REGISTERED);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
    return user;
  }

  /** Somebody that no validator knows. */
  Session stranger(int number) {
    return connect(network.keys().stranger(number));
  }

  private Session connect(Identity identity) {
    Session session =
        new Session(
            network.deployment(),
            network.chain(),
            identity,
            network.bootstraps(),
            InstantSource.system());
    sessions.add(session);
    return session;
  }

  /** The first validator, as a session sees it. */
  static ValidatorNode home(Session session) {
    return session.network().validators().getFirst();
  }

  /** Asserts that a call is refused with a stable code for a field. */
  static void refused(ErrorCode code, String field, ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(failure).as("the call is refused").isNotNull();
    Optional<Errors.Refusal> refusal = Errors.read(failure);
    assertThat(refusal).as(failure.toString()).isPresent();
    assertThat(refusal.get().code()).as(refusal.get().message()).isEqualTo(code);
    assertThat(refusal.get().field()).as(refusal.get().message()).isEqualTo(field);
  }

  @Override
  public void close() {
    sessions.forEach(Session::close);
    network.close();
  }
}
