package io.smartnodes.link.calls;

import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.options.v1.SmartnodesOptions;
import io.smartnodes.proto.options.v1.SmartnodesOptions.Caller;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The rule who may call a method.
 *
 * <ul>
 *   <li>{@code ANY} admits every endorsed peer, also a stranger and a barred one.
 *   <li>{@code TOKEN} does the same: the method itself checks the token. TLS still asks for a
 *       certificate, and a process without an endorsement endorses its own by a throwaway key.
 *   <li>A caller with our own peer id is {@code SELF}; it may also call what {@code VALIDATOR} may.
 *   <li>{@code VALIDATOR}, {@code WORKER} and {@code USER} admit who has that role in the state. A
 *       suspended or banned worker keeps its other roles.
 *   <li>{@code LOCAL} admits nobody here: such a method is served on a Unix socket alone, whose
 *       directory only its owner can enter.
 *   <li>A method that declares nothing admits nobody.
 * </ul>
 */
public final class Callers {
  private static final String HEALTH = "grpc.health.v1.Health";

  private Callers() {}

  /** What became of a call. */
  public sealed interface Decision {
    /** It goes on. */
    record Allowed() implements Decision {}

    /** It is refused; the reason is for the caller. */
    record Denied(ErrorCode code, String reason) implements Decision {}
  }

  /**
   * The callers that the method's proto option declares; {@code ANY} for the standard health
   * service, whose proto is not ours. Empty if nothing is declared.
   */
  public static Set<Caller> declaredBy(MethodDescriptor<?, ?> method) {
    if (HEALTH.equals(method.getServiceName())) {
      return Set.of(Caller.ANY);
    }
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier
        ? Set.copyOf(
            supplier.getMethodDescriptor().getOptions().getExtension(SmartnodesOptions.callers))
        : Set.of();
  }

  /**
   * Decides about one call.
   *
   * @param declared by the method
   * @param caller derived from the caller's certificate
   * @param self our own peer id
   */
  public static Decision decide(Set<Caller> declared, PeerId caller, PeerId self, Roles roles) {
    if (declared.contains(Caller.ANY) || declared.contains(Caller.TOKEN)) {
      return new Decision.Allowed();
    }
    if (caller.equals(self)) {
      return declared.contains(Caller.SELF) || declared.contains(Caller.VALIDATOR)
          ? new Decision.Allowed()
          : denied(declared, "this node itself");
    }
    return switch (roles.roleOf(caller)) {
      case RoleCheck.Member(Set<Role> held) ->
          meets(declared, held) ? new Decision.Allowed() : denied(declared, held.toString());
      case RoleCheck.Barred barred -> ofBarred(declared, barred);
      case RoleCheck.Stranger() ->
          new Decision.Denied(
              ErrorCode.ERROR_CODE_STRANGER,
              "the method is for " + names(declared) + ", the caller is not registered");
    };
  }

  private static Decision ofBarred(Set<Caller> declared, RoleCheck.Barred barred) {
    if (meets(declared, barred.open())) {
      return new Decision.Allowed();
    }
    return declared.contains(Caller.WORKER)
        ? new Decision.Denied(
            ErrorCode.ERROR_CODE_BARRED,
            "as a worker: " + barred.reason() + ", evidence " + barred.evidenceId())
        : denied(declared, barred.open().toString());
  }

  private static Decision.Denied denied(Set<Caller> declared, String found) {
    return new Decision.Denied(
        ErrorCode.ERROR_CODE_NOT_ALLOWED,
        "the method is for " + names(declared) + ", the caller is " + found);
  }

  private static String names(Set<Caller> declared) {
    return declared.isEmpty() ? "nobody" : EnumSet.copyOf(declared).toString();
  }

  private static boolean meets(Set<Caller> declared, Set<Role> held) {
    return held.stream().map(Callers::callerOf).anyMatch(declared::contains);
  }

  private static Caller callerOf(Role role) {
    return switch (role) {
      case VALIDATOR -> Caller.VALIDATOR;
      case WORKER -> Caller.WORKER;
      case USER -> Caller.USER;
    };
  }

  /** The first declared method of a service that declares no callers, for the check at start. */
  public static Optional<String> undeclared(io.grpc.ServerServiceDefinition service) {
    return service.getMethods().stream()
        .map(io.grpc.ServerMethodDefinition::getMethodDescriptor)
        .filter(method -> declaredBy(method).isEmpty())
        .map(MethodDescriptor::getFullMethodName)
        .findFirst();
  }
}
