package io.smartnodes.router;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.witness.WitnessRule;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Malformed;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Turns what goes wrong in a call into a status with a stable code, counted and logged once. */
@ApplicationScoped
public class Refusals {
  private static final Logger LOG = Logger.getLogger(Refusals.class);

  private final MeterRegistry meters;

  /** Called by the container. */
  public Refusals(MeterRegistry meters) {
    this.meters = meters;
  }

  /** A call that is refused; known to the caller by code and field. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String field;

    /** Refuses for a field; the reason is for people. */
    public Refused(ErrorCode code, String field, String reason) {
      super(reason, null, false, false);
      this.code = code;
      this.field = field;
    }
  }

  /** Makes a call; whatever it throws becomes a status. */
  <T> T guard(String method, PeerId caller, Supplier<T> call) {
    try {
      return call.get();
    } catch (Refused refused) {
      String reason = String.valueOf(refused.getMessage());
      throw refuse(method, caller, refused.code, refused.field, reason);
    } catch (Malformed malformed) {
      String reason = String.valueOf(malformed.getMessage());
      throw refuse(method, caller, malformed.code(), malformed.field(), reason);
    } catch (LeaseLost lost) {
      throw refuse(
          method,
          caller,
          ErrorCode.ERROR_CODE_NOT_READY,
          "",
          "another instance takes this job over; try again");
    } catch (StatusRuntimeException sibling) {
      // The signer refused or could not answer; what was to be signed is kept, and the same call
      // can be made again.
      Optional<Errors.Refusal> refusal = Errors.read(sibling);
      if (refusal.isPresent()) {
        throw refuse(method, caller, refusal.get().code(), "", refusal.get().message());
      }
      LOG.warnf("%s of %s waits for a sibling: %s", method, caller, sibling.getStatus());
      throw refuse(
          method,
          caller,
          ErrorCode.ERROR_CODE_NOT_READY,
          "",
          "this validator cannot sign now; try again");
    } catch (RuntimeException broken) {
      LOG.errorf(broken, "%s of %s failed", method, caller);
      count(method, ErrorCode.ERROR_CODE_INTERNAL);
      throw Errors.status(ErrorCode.ERROR_CODE_INTERNAL, "", "something is broken on this side");
    }
  }

  private StatusRuntimeException refuse(
      String method, PeerId caller, ErrorCode code, String field, String reason) {
    LOG.infof("refused %s of %s: %s at '%s': %s", method, caller, code, field, reason);
    count(method, code);
    return Errors.status(code, field, reason);
  }

  private void count(String method, ErrorCode code) {
    meters.counter("smartnodes.router.refused", "method", method, "code", code.name()).increment();
  }

  /** What a witness refuses. */
  static Refused of(WitnessRule.Outcome.Refused refused) {
    ErrorCode code =
        switch (refused.cause()) {
          case BAD_SIGNATURE -> ErrorCode.ERROR_CODE_BAD_SIGNATURE;
          case NOT_ANCHORED -> ErrorCode.ERROR_CODE_NOT_READY;
          case NOT_WITNESS, NOT_ITS_WORKER -> ErrorCode.ERROR_CODE_NOT_ALLOWED;
          case NOT_ITS_LEASE -> ErrorCode.ERROR_CODE_INVALID_ITEM;
          case OUT_OF_WINDOW -> ErrorCode.ERROR_CODE_EXPIRED;
          case LEASE_TAKEN, UNIT_TAKEN -> ErrorCode.ERROR_CODE_ALREADY_SIGNED;
        };
    return new Refused(code, "receipt." + refused.field(), refused.reason());
  }
}
