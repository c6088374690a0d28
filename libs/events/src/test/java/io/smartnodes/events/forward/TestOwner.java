package io.smartnodes.events.forward;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.FetchBodyRequest;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.quarkus.forward.CallOwner;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Leaves and bodies whose key a test has given to another instance. */
@Singleton
public class TestOwner implements CallOwner {
  final Map<ByteString, String> addresses = new ConcurrentHashMap<>();

  @Override
  public boolean covers(MethodDescriptor<?, ?> method) {
    return method.getFullMethodName().equals(LedgerGrpc.getGetLeafMethod().getFullMethodName())
        || method.getFullMethodName().equals(EpochsGrpc.getFetchBodyMethod().getFullMethodName());
  }

  @Override
  public Optional<String> addressOf(MethodDescriptor<?, ?> method, Message request) {
    ByteString key =
        switch (request) {
          case GetLeafRequest leaf -> leaf.getKey();
          case FetchBodyRequest body -> body.getDigest();
          default -> throw new IllegalArgumentException("not covered: " + request);
        };
    return Optional.ofNullable(addresses.get(key));
  }
}
