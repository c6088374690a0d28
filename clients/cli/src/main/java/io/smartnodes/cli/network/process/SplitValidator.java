package io.smartnodes.cli.network.process;

import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.FreePorts;
import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A validator whose five services are processes of their own, over a PostgreSQL and a Kafka broker
 * beside them. The two stay while it is stopped and started again; {@link #close()} ends them too.
 */
public final class SplitValidator implements LocalValidator, AutoCloseable {
  /** Names of the five services. */
  public static final List<String> SERVICES =
      List.of("chain-proposer", "peer-registry", "reputation-ledger", "attestation", "job-router");

  private static final Duration START = Duration.ofMinutes(15);

  private final String host;
  private final List<ServiceProcess> services;
  private final Starting starting;
  private volatile Founder founder;
  private volatile boolean alive;
  private volatile @Nullable Backing backing;
  private volatile @Nullable Launch launch;

  /** What a service needs to start again. */
  private record Launch(Surroundings around, Map<String, String> common, Backing backing) {}

  /** One that is not started yet. */
  public SplitValidator(Founder founder, String host) {
    this.founder = founder;
    this.host = host;
    this.starting = new Starting(founder.name());
    List<Integer> ports = FreePorts.many(2 * SERVICES.size());
    List<ServiceProcess> made = new ArrayList<>();
    for (int i = 0; i < SERVICES.size(); i++) {
      made.add(new ServiceProcess(SERVICES.get(i), host, ports.get(2 * i), ports.get(2 * i + 1)));
    }
    this.services = List.copyOf(made);
  }

  @Override
  public Founder founder() {
    return founder;
  }

  @Override
  public Bootstrap bootstrap() {
    return new Bootstrap(founder.peer(), service("peer-registry").address());
  }

  @Override
  public void rotate(NodeKey node) {
    founder = founder.with(node);
  }

  @Override
  public void start(Surroundings around, List<Bootstrap> others) throws IOException {
    SplitSettings settings =
        new SplitSettings(around, founder, founder.write(around.password()), others, services);
    alive = true;
    starting.begin(() -> {
      Backing beside = beside(around);
      Launch made = new Launch(around, settings.common(beside), beside);
      launch = made;
      for (ServiceProcess service : services) {
        start(service, made);
      }
    });
  }

  /** Starts what stands beside it the first time; a later start finds it running. */
  private Backing beside(Surroundings around) throws IOException, InterruptedException {
    Backing running = backing;
    if (running == null) {
      running = Backing.start(founder.home(), host, around.adopt());
      backing = running;
      running.makeTopics(around.programs().validator());
    }
    return running;
  }

  private void start(ServiceProcess service, Launch with) {
    service.start(founder, with.around(), with.common(), with.backing());
  }

  /** Ends one service without warning. */
  public void killHard(String service) {
    service(service).killHard();
  }

  /** Starts one service again; see {@link #awaitReady()}. */
  public void start(String service) {
    Launch last = launch;
    if (last == null) {
      throw new IllegalStateException(name() + " was never started");
    }
    start(service(service), last);
  }

  /** What stands beside it; there once it was started. */
  public Backing backing() {
    Backing running = backing;
    if (running == null) {
      throw new IllegalStateException(name() + " was never started");
    }
    return running;
  }

  private ServiceProcess service(String name) {
    return services.stream()
        .filter(service -> service.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no service is called " + name));
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  @Override
  public void awaitReady() {
    starting.await(START);
    services.forEach(service -> service.awaitReady(START));
  }

  @Override
  public void killHard() {
    alive = false;
    services.forEach(ServiceProcess::killHard);
  }

  @Override
  public void stop() {
    alive = false;
    starting.cancel();
    List<Thread> stops =
        services.stream().map(service -> Thread.ofVirtual().start(service::stop)).toList();
    try {
      for (Thread one : stops) {
        one.join();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops it with what stands beside it. */
  @Override
  public void close() {
    stop();
    Backing running = backing;
    if (running != null) {
      running.close();
    }
  }

  @Override
  public List<Part> parts() {
    return services.stream().flatMap(service -> service.part(name()).stream()).toList();
  }

  /** The process of a service that was started last. */
  public ChildProcess process(String service) {
    return service(service).process();
  }
}
