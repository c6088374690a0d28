package io.smartnodes.proposer.signer;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.signing.Guard;
import io.smartnodes.protocol.signing.SignerStart;
import io.smartnodes.protocol.signing.SignerStart.Mark;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Malformed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Signs with the node key: guards first, committed; then the mark on disk; then the signature. */
@ApplicationScoped
public class Signatures {
  private static final Logger LOG = Logger.getLogger(Signatures.class);
  private static final int DOUBTFUL_EPOCHS = 2;
  private static final int MAX_ITEMS = 1_024;
  private static final int RETRIES = 3;

  private final OperatorKeys keys;
  private final NodeIdentity identity;
  private final GuardStore store;
  private final StateView state;
  private final MeterRegistry meters;
  private final HighWaterFile file;
  private Optional<Mark> mark = Optional.empty();
  private volatile boolean doubtful;
  private volatile Optional<Long> doubtedSince = Optional.empty();

  /** Called by the container. */
  public Signatures(
      OperatorKeys keys,
      NodeIdentity identity,
      GuardStore store,
      @Identifier("chain-proposer") StateView state,
      MeterRegistry meters,
      @ConfigProperty(name = "smartnodes.keystore.file") String keystore,
      @ConfigProperty(name = "smartnodes.signer.high-water-file") Optional<String> highWater) {
    this.keys = keys;
    this.identity = identity;
    this.store = store;
    this.state = state;
    this.meters = meters;
    this.file = new HighWaterFile(Path.of(highWater.orElse(keystore + ".high-water")));
  }

  void judgeStart(@Observes StartupEvent started) {
    mark = file.read();
    Optional<Mark> rows = store.highestVote().await().indefinitely();
    switch (SignerStart.judge(mark, rows)) {
      case SignerStart.Trusted trusted -> LOG.debugf("the guard rows are whole: %s", trusted);
      case SignerStart.Doubtful doubt -> {
        doubtful = true;
        LOG.warnf(
            "%s; no hold, lease, ack or verdict is signed until %d more epochs are executed",
            doubt.reason(), DOUBTFUL_EPOCHS);
      }
    }
  }

  /** One signature per item, all or nothing; refused with ERROR_CODE_ALREADY_SIGNED. */
  public Uni<List<Bytes>> sign(List<Signable> items) {
    List<ToSign> wanted;
    try {
      wanted = decode(items);
    } catch (Malformed malformed) {
      return Uni.createFrom().failure(Errors.status(malformed));
    }
    if (wanted.stream().anyMatch(ToSign::binding) && isDoubtful()) {
      return Uni.createFrom()
          .failure(
              Errors.status(
                  ErrorCode.ERROR_CODE_NOT_READY,
                  "items",
                  "the guard rows were restored from an old copy; signing resumes after "
                      + DOUBTFUL_EPOCHS
                      + " executed epochs"));
    }
    List<Guard> guards = wanted.stream().flatMap(item -> item.guards().stream()).toList();
    return store
        .commit(guards)
        .onFailure(failure -> Errors.read(failure).isEmpty())
        .retry()
        .atMost(RETRIES)
        .onFailure()
        .invoke(failure -> meters.counter("smartnodes.signer.refused").increment())
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(committed -> {
          wanted.forEach(item -> item.vote().ifPresent(this::raise));
          return wanted.stream()
              .map(item -> identity.domain().sign(item.struct(), keys.node()))
              .toList();
        });
  }

  /** The same for worker and virtual threads. */
  public List<Bytes> signAndWait(List<Signable> items) {
    return sign(items).await().indefinitely();
  }

  private static List<ToSign> decode(List<Signable> items) {
    if (items.isEmpty() || items.size() > MAX_ITEMS) {
      throw new Malformed(ErrorCode.ERROR_CODE_TOO_LARGE, "items", "1 to " + MAX_ITEMS + " items");
    }
    List<ToSign> wanted = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      wanted.add(ToSign.of(items.get(i), "items[" + i + "]"));
    }
    return wanted;
  }

  private synchronized void raise(Mark vote) {
    if (mark.isEmpty() || mark.get().compareTo(vote) < 0) {
      file.write(vote);
      mark = Optional.of(vote);
    }
  }

  /** Counts from the first state that is known after the start. */
  private synchronized boolean isDoubtful() {
    if (!doubtful) {
      return false;
    }
    if (doubtedSince.isEmpty() && state.head().isPresent()) {
      doubtedSince = Optional.of(state.epoch());
    }
    if (doubtedSince.isPresent() && state.epoch() >= doubtedSince.get() + DOUBTFUL_EPOCHS) {
      doubtful = false;
      LOG.info("signing resumes: two epochs were executed since the start");
    }
    return doubtful;
  }
}
