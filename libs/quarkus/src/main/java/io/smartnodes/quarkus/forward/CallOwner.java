package io.smartnodes.quarkus.forward;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.Optional;

/**
 * A bean of a service with several instances, which says who answers a call. Asked on event loops:
 * it must not block.
 */
public interface CallOwner {
  /** Whether the method, unary or server streaming, may belong to one instance. Asked once. */
  boolean covers(MethodDescriptor<?, ?> method);

  /**
   * {@code smartnodes.instance.address} of the instance that answers; empty for this one, also if
   * nobody is known: the method then refuses what it cannot do.
   */
  Optional<String> addressOf(MethodDescriptor<?, ?> method, Message request);
}
