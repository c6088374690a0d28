package io.smartnodes.proposer.duty;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.smartnodes.quarkus.InstanceAddress;
import io.smartnodes.quarkus.forward.CallOwner;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

/**
 * Signatures, proposals, votes and the epoch under way are the business of the process that acts;
 * endorsements, bodies and items of any.
 */
@Singleton
public class SignerOwner implements CallOwner {
  private static final Set<String> COVERED =
      Set.of(
          SignerGrpc.getSignMethod().getFullMethodName(),
          EpochsGrpc.getAnnounceProposalMethod().getFullMethodName(),
          EpochsGrpc.getCastVoteMethod().getFullMethodName(),
          EpochsGrpc.getGetEpochMethod().getFullMethodName());

  private final Duty duty;
  private final InstanceAddress address;

  /** Called by the container. */
  public SignerOwner(Duty duty, InstanceAddress address) {
    this.duty = duty;
    this.address = address;
  }

  @Override
  public boolean covers(MethodDescriptor<?, ?> method) {
    return COVERED.contains(method.getFullMethodName());
  }

  @Override
  public Optional<String> addressOf(MethodDescriptor<?, ?> method, Message request) {
    return duty.isActive()
        ? Optional.empty()
        : duty.holderAddress().filter(holder -> !holder.equals(address.value()));
  }
}
