package io.smartnodes.proposer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.proposer.duty.Duties;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.duty.TaskThreads;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proto.epoch.v1.BodyChunk;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.FetchBodyRequest;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.Peers;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Calls to the proposers of the other validators; each peer on a virtual thread of its own. */
@Singleton
public class OtherValidators implements Duties {
  private static final Logger LOG = Logger.getLogger(OtherValidators.class);
  private static final int ATTEMPTS = 6;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final long DEADLINE_SECONDS = 5;
  private static final int MOST_BODY_BYTES = 64 * 1024 * 1024;
  private static final int MOST_CHUNK_BYTES = 1024 * 1024;
  private static final long BODY_SECONDS = 60;

  private final PeerId self;
  private final ValidatorSets sets;
  private final PeerChannels channels;
  private final Peers peers;
  private final Duty duty;
  private final TaskThreads threads = new TaskThreads();

  /** Called by the container. */
  public OtherValidators(
      NodeIdentity identity, ValidatorSets sets, PeerChannels channels, Peers peers, Duty duty) {
    this.self = identity.peerId();
    this.sets = sets;
    this.channels = channels;
    this.peers = peers;
    this.duty = duty;
  }

  /**
   * Tells all others of a set; who does not take it is told again a few times.
   *
   * @param stillTrue whether it is worth telling
   */
  void tellAll(
      EpochSet set,
      String what,
      Consumer<EpochsGrpc.EpochsBlockingStub> call,
      BooleanSupplier stillTrue) {
    for (PeerId peer : set.others(self)) {
      threads.execute(() -> tell(peer, what, call, stillTrue));
    }
  }

  private void tell(
      PeerId peer,
      String what,
      Consumer<EpochsGrpc.EpochsBlockingStub> call,
      BooleanSupplier stillTrue) {
    for (int attempt = 1; attempt <= ATTEMPTS && isWorth(stillTrue); attempt++) {
      try {
        call.accept(stub(peer, DEADLINE_SECONDS));
        return;
      } catch (StatusRuntimeException e) {
        LOG.debugf("%s did not take %s: %s", peer, what, e.getStatus());
        peers.forget(peer);
      }
      try {
        Thread.sleep(PAUSE.multipliedBy(attempt));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean isWorth(BooleanSupplier stillTrue) {
    return duty.isActive() && stillTrue.getAsBoolean();
  }

  /** The body of a digest from a peer; empty if it gives none, or one with another hash. */
  Optional<Body> fetchBody(PeerId peer, Bytes32 digest, Bytes32 bodyHash) {
    try {
      Iterator<BodyChunk> chunks =
          EpochsGrpc.newBlockingStub(bodyChannel(peer))
              .withDeadlineAfter(BODY_SECONDS, TimeUnit.SECONDS)
              .fetchBody(FetchBodyRequest.newBuilder().setDigest(Fields.bytes(digest)).build());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      while (chunks.hasNext()) {
        BodyChunk chunk = chunks.next();
        if (chunk.getData().size() > MOST_CHUNK_BYTES
            || bytes.size() + chunk.getData().size() > MOST_BODY_BYTES) {
          LOG.warnf("%s sends a body of %s beyond the limits", peer, digest);
          return Optional.empty();
        }
        bytes.writeBytes(chunk.getData().toByteArray());
      }
      Body body = Body.parseFrom(bytes.toByteArray());
      boolean right = BodyStructs.fromProto(body, "body").hashStruct().equals(bodyHash);
      return right ? Optional.of(body) : Optional.empty();
    } catch (StatusRuntimeException | InvalidProtocolBufferException | Malformed e) {
      LOG.debugf("%s gave no body of %s: %s", peer, digest, e.getMessage());
      peers.forget(peer);
      return Optional.empty();
    }
  }

  /**
   * Whoever is not in the set, or not yet, is found by nobody and finds nobody: it asks where the
   * operator told it to start.
   */
  private ManagedChannel bodyChannel(PeerId peer) {
    try {
      return peers.channel(peer, "chain-proposer");
    } catch (StatusRuntimeException unknown) {
      return sets.bootstrapAddress(peer)
          .map(address -> channels.to(peer, address))
          .orElseThrow(() -> unknown);
    }
  }

  private EpochsGrpc.EpochsBlockingStub stub(PeerId peer, long seconds) {
    return EpochsGrpc.newBlockingStub(peers.channel(peer, "chain-proposer"))
        .withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void begin() {
    threads.begin();
  }

  @Override
  public boolean end(Duration most) {
    return threads.end(most);
  }
}
