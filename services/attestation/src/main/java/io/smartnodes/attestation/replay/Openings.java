package io.smartnodes.attestation.replay;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.proto.attestation.v1.AttestationGrpc;
import io.smartnodes.proto.attestation.v1.RelayOpeningsRequest;
import io.smartnodes.proto.worker.v1.OpenRequest;
import io.smartnodes.proto.worker.v1.WorkerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.attestation.Opening;
import io.smartnodes.protocol.attestation.OpeningCheck;
import io.smartnodes.quarkus.Peers;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Asks for openings and keeps the valid ones (5.4); for virtual threads. */
@ApplicationScoped
public class Openings {
  private static final Logger LOG = Logger.getLogger(Openings.class);
  private static final int BATCH = 8;

  private final PeerChannels channels;
  private final Peers peers;
  private final ReplayConfig config;

  /** Called by the container. */
  public Openings(PeerChannels channels, Peers peers, ReplayConfig config) {
    this.channels = channels;
    this.peers = peers;
    this.config = config;
  }

  /**
   * Asks the worker, where it was last heard and then where the registry knows it.
   *
   * @param arrived is told of the units of each batch, whose openings lie on the bench
   * @return the units that it did not open
   */
  public List<Long> fromWorker(Bench bench, List<Long> units, Consumer<List<Long>> arrived) {
    List<Long> left =
        batches(bench, units, arrived, batch -> open(bench, batch, () -> known(bench)));
    return left.isEmpty()
        ? left
        : batches(
            bench,
            left,
            arrived,
            batch -> open(bench, batch, () -> peers.channel(bench.worker(), "worker")));
  }

  /** Asks the members one after the other. */
  public List<Long> fromMembers(
      Bench bench, List<PeerId> members, List<Long> units, Consumer<List<Long>> arrived) {
    List<Long> left = units;
    for (PeerId member : members) {
      if (left.isEmpty()) {
        return left;
      }
      left = batches(bench, left, arrived, batch -> relay(bench, batch, member));
    }
    return left;
  }

  private interface Request {
    Iterator<io.smartnodes.proto.worker.v1.Opening> send(List<Long> units);
  }

  private Channel known(Bench bench) {
    return channels.to(bench.worker(), bench.address());
  }

  private Iterator<io.smartnodes.proto.worker.v1.Opening> open(
      Bench bench, List<Long> units, Supplier<? extends Channel> channel) {
    return WorkerGrpc.newBlockingStub(channel.get())
        .withDeadlineAfter(config.openingTime().toMillis(), TimeUnit.MILLISECONDS)
        .open(
            OpenRequest.newBuilder()
                .setReceiptHash(Fields.bytes(bench.receipt().receipt().hashStruct()))
                .addAllUnits(units)
                .build());
  }

  private Iterator<io.smartnodes.proto.worker.v1.Opening> relay(
      Bench bench, List<Long> units, PeerId member) {
    return AttestationGrpc.newBlockingStub(peers.channel(member, "attestation"))
        .withDeadlineAfter(config.openingTime().toMillis() * 2, TimeUnit.MILLISECONDS)
        .relayOpenings(
            RelayOpeningsRequest.newBuilder()
                .setReceiptHash(Fields.bytes(bench.receipt().receipt().hashStruct()))
                .addAllUnits(units)
                .build());
  }

  /** A source that gives nothing of a batch is not asked for the next ones. */
  private static List<Long> batches(
      Bench bench, List<Long> units, Consumer<List<Long>> arrived, Request request) {
    List<Long> left = new ArrayList<>();
    for (int from = 0; from < units.size(); from += BATCH) {
      List<Long> batch = units.subList(from, Math.min(from + BATCH, units.size()));
      Set<Long> missing = new HashSet<>(batch);
      if (!ask(bench, missing, arrived, request)) {
        Thread.currentThread().interrupt();
        return units;
      }
      left.addAll(missing);
      if (missing.size() == batch.size()) {
        left.addAll(units.subList(from + batch.size(), units.size()));
        return left;
      }
    }
    return left;
  }

  /** Asks for units and removes those that came; false if interrupted. */
  private static boolean ask(
      Bench bench, Set<Long> missing, Consumer<List<Long>> arrived, Request request) {
    int reserved = missing.size();
    try {
      bench.reserve(reserved);
    } catch (InterruptedException e) {
      LOG.debug("stopped");
      return false;
    }
    List<Long> got = new ArrayList<>();
    try {
      Iterator<io.smartnodes.proto.worker.v1.Opening> answers = request.send(List.copyOf(missing));
      while (!missing.isEmpty() && answers.hasNext()) {
        Opening opening = OpeningWire.fromProto(answers.next(), "opening");
        switch (OpeningCheck.check(opening, bench.spec(), bench.receipt().receipt(), missing)) {
          case OpeningCheck.Result.Opened(var claimed) -> {
            bench.put(opening);
            reserved--;
            missing.remove(opening.index());
            got.add(opening.index());
          }
          case OpeningCheck.Result.Worthless(long unit, String reason) ->
              LOG.infof(
                  "worker %s: an opening of unit %d is worthless: %s",
                  bench.worker(), unit, reason);
        }
      }
    } catch (StatusRuntimeException | Malformed e) {
      LOG.debugf("worker %s: no opening: %s", bench.worker(), e.getMessage());
    }
    bench.giveBack(reserved);
    if (!got.isEmpty()) {
      arrived.accept(got);
    }
    return true;
  }
}
