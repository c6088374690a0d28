package io.smartnodes.link.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.options.v1.SmartnodesOptions.Caller;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {
  private static final PeerId SELF = new PeerId(Bytes32.ofNumber(1));
  private static final PeerId OTHER = new PeerId(Bytes32.ofNumber(2));
  private static final Bytes32 EVIDENCE = Bytes32.ofNumber(77);

  @ParameterizedTest(name = "{0} calls a method for {1}: {2}")
  @CsvSource({
    "SELF,      SELF,      OK",
    "SELF,      VALIDATOR, OK",
    "SELF,      WORKER,    ERROR_CODE_NOT_ALLOWED",
    "SELF,      USER,      ERROR_CODE_NOT_ALLOWED",
    "SELF,      ANY,       OK",
    "VALIDATOR, SELF,      ERROR_CODE_NOT_ALLOWED",
    "VALIDATOR, VALIDATOR, OK",
    "VALIDATOR, WORKER,    ERROR_CODE_NOT_ALLOWED",
    "VALIDATOR, ANY,       OK",
    "WORKER,    SELF,      ERROR_CODE_NOT_ALLOWED",
    "WORKER,    WORKER,    OK",
    "WORKER,    USER,      ERROR_CODE_NOT_ALLOWED",
    "WORKER,    ANY,       OK",
    "USER,      USER,      OK",
    "USER,      WORKER,    ERROR_CODE_NOT_ALLOWED",
    "BARRED,    WORKER,    ERROR_CODE_BARRED",
    "BARRED,    USER,      OK",
    "BARRED,    VALIDATOR, ERROR_CODE_NOT_ALLOWED",
    "BARRED,    ANY,       OK",
    "STRANGER,  SELF,      ERROR_CODE_STRANGER",
    "STRANGER,  VALIDATOR, ERROR_CODE_STRANGER",
    "STRANGER,  USER,      ERROR_CODE_STRANGER",
    "STRANGER,  ANY,       OK",
    "STRANGER,  TOKEN,     OK",
    "SELF,      LOCAL,     ERROR_CODE_NOT_ALLOWED",
    "VALIDATOR, LOCAL,     ERROR_CODE_NOT_ALLOWED",
    "STRANGER,  LOCAL,     ERROR_CODE_STRANGER",
    "VALIDATOR, NOBODY,    ERROR_CODE_NOT_ALLOWED",
    "SELF,      NOBODY,    ERROR_CODE_NOT_ALLOWED",
  })
  void aMethodAdmitsWhomItDeclares(String who, String declared, String expected) {
    Set<Caller> callers = declared.equals("NOBODY") ? Set.of() : Set.of(Caller.valueOf(declared));
    Callers.Decision decision =
        Callers.decide(callers, who.equals("SELF") ? SELF : OTHER, SELF, peer -> role(who));
    String found =
        switch (decision) {
          case Callers.Decision.Allowed() -> "OK";
          case Callers.Decision.Denied(ErrorCode code, String reason) -> code.name();
        };
    assertThat(found).isEqualTo(expected);
  }

  private static RoleCheck role(String who) {
    return switch (who) {
      case "BARRED" -> new RoleCheck.Barred(Set.of(Role.USER), "banned", EVIDENCE);
      case "STRANGER", "SELF" -> new RoleCheck.Stranger();
      default -> new RoleCheck.Member(Set.of(Role.valueOf(who)));
    };
  }

  @Test
  void aBarredWorkerHearsReasonAndEvidence() {
    Callers.Decision decision =
        Callers.decide(Set.of(Caller.WORKER), OTHER, SELF, peer -> role("BARRED"));
    assertThat(decision)
        .isInstanceOfSatisfying(
            Callers.Decision.Denied.class,
            denied -> assertThat(denied.reason()).contains("banned").contains(EVIDENCE.toString()));
  }

  @Test
  void callersAreReadFromTheProtoOption() {
    assertThat(Callers.declaredBy(LedgerGrpc.getDeriveMethod())).containsExactly(Caller.SELF);
    assertThat(Callers.declaredBy(PeerRegistryGrpc.getRegisterMethod()))
        .containsExactly(Caller.ANY);
  }
}
