package io.smartnodes.router.instances;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.job.v1.AcknowledgeRequest;
import io.smartnodes.proto.job.v1.CancelJobRequest;
import io.smartnodes.proto.job.v1.CommitReceiptRequest;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.quarkus.InstanceAddress;
import io.smartnodes.quarkus.forward.CallOwner;
import io.smartnodes.router.Board;
import io.smartnodes.router.RouterState;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which instance of the service moves which jobs: those whose id falls into its shards. A call that
 * changes a job is answered where the job is; all else is answered anywhere.
 */
@Singleton
public class RouterShards implements CallOwner, LeaseListener {
  private static final Set<String> COVERED =
      Set.of(
          JobRouterGrpc.getSubmitMethod().getFullMethodName(),
          JobRouterGrpc.getCancelJobMethod().getFullMethodName(),
          JobRouterGrpc.getAcknowledgeMethod().getFullMethodName(),
          JobRouterGrpc.getCommitReceiptMethod().getFullMethodName());

  private final Leases leases;
  private final Board board;
  private final RouterState state;
  private final InstanceAddress address;
  private final InstantSource time = InstantSource.system();
  private volatile Optional<Shards> shards = Optional.empty();

  /** Called by the container. */
  public RouterShards(Leases leases, Board board, RouterState state, InstanceAddress address) {
    this.leases = leases;
    this.board = board;
    this.state = state;
    this.address = address;
  }

  void start(@Observes @Priority(6_000) StartupEvent event) {
    shards = Optional.of(leases.shards(RouterState.UNIT, this));
  }

  @Override
  public void gained(Tenure tenure) {
    // Whoever had it may have marked jobs by a state that is not known here yet: without it they
    // would look as if the state had closed them.
    state.catchUp();
    board.take(Shards.of(tenure), tenure, time.instant());
  }

  @Override
  public void lost(Tenure tenure) {
    board.drop(Shards.of(tenure));
  }

  @Override
  public boolean covers(MethodDescriptor<?, ?> method) {
    return COVERED.contains(method.getFullMethodName());
  }

  @Override
  public Optional<String> addressOf(MethodDescriptor<?, ?> method, Message request) {
    return jobOf(request).map(Shards::of).flatMap(this::ownerElsewhere);
  }

  private Optional<String> ownerElsewhere(int shard) {
    return shards
        .filter(known -> !known.isMine(shard))
        .flatMap(known -> known.owner(shard))
        .filter(owner -> !owner.equals(address.value()));
  }

  /** The job that a request is about, empty where the request is refused anyway. */
  private static Optional<Bytes32> jobOf(Message request) {
    try {
      return switch (request) {
        case SubmitRequest submit ->
            Optional.of(JobStructs.fromProto(submit.getSpec(), "spec").hashStruct());
        case CancelJobRequest cancel -> id(cancel.getJobId());
        case AcknowledgeRequest acknowledge -> id(acknowledge.getReceipt().getReceipt().getJobId());
        case CommitReceiptRequest commit -> id(commit.getReceipt().getReceipt().getJobId());
        default -> Optional.empty();
      };
    } catch (Malformed refused) {
      return Optional.empty();
    }
  }

  private static Optional<Bytes32> id(ByteString bytes) {
    return bytes.size() == 32 ? Optional.of(Bytes32.of(bytes.toByteArray())) : Optional.empty();
  }

  /** The shards that this instance holds now, a bit each. */
  int mine() {
    int bits = 0;
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      int own = shard;
      bits |= shards.filter(known -> known.isMine(own)).isPresent() ? 1 << shard : 0;
    }
    return bits;
  }

  /** The other instances that hold shards; a hint. */
  Set<String> others() {
    Set<String> others = new TreeSet<>();
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      ownerElsewhere(shard).ifPresent(others::add);
    }
    return others;
  }
}
