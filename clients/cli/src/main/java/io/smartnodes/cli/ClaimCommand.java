package io.smartnodes.cli;

import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.session.Claims;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code smartnodes claim}. */
@Command(
    name = "claim",
    mixinStandardHelpOptions = true,
    description =
        "Pays accounts what they have earned, by the proof of their leaf in the executed state."
            + " Anybody may pay the gas; the money goes where the leaf says.",
    footer = {
      "",
      "Examples:",
      "  smartnodes claim                  every worker of the local network",
      "  smartnodes claim 0x90f8…          one account",
      "",
      "Exit codes: 0 claimed or nothing to claim, 1 refused, 2 wrong usage."
    })
final class ClaimCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ACCOUNT",
      arity = "0..*",
      description = "default: the workers of the local network, else one's own account")
  private List<String> accounts = List.of();

  @Mixin private Connection connection = new Connection();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    Terminal terminal = output.isJson() ? Terminal.error() : Terminal.standard(false);
    boolean refused = false;
    List<Map<String, String>> results = new ArrayList<>();
    try (Session session = connection.open()) {
      session.registerAsUser();
      Claims claims = new Claims(session);
      for (Address account : accounts(session)) {
        Claims.Outcome outcome = claims.claim(account);
        Map<String, String> result = new LinkedHashMap<>();
        result.put("account", account.toString());
        switch (outcome) {
          case Claims.Outcome.Paid paid -> {
            result.put("amount", paid.amount().toString());
            result.put("transactionHash", paid.transaction().toString());
            terminal.success(
                account
                    + ": "
                    + Terminal.sno(paid.amount())
                    + ", transaction "
                    + paid.transaction());
          }
          case Claims.Outcome.NothingEarned nothing -> {
            result.put("amount", "0");
            terminal.line(account + ": has earned nothing yet");
          }
          case Claims.Outcome.Refused why -> {
            result.put("refused", why.error().toString());
            boolean already = why.error().name().equals("NothingToClaim");
            refused |= !already;
            terminal.line(
                account + (already ? ": everything was paid before" : ": " + why.error()));
          }
        }
        results.add(result);
      }
    }
    if (output.isJson()) {
      output.print(results);
    }
    return refused ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private List<Address> accounts(Session session) {
    if (!accounts.isEmpty()) {
      return accounts.stream().map(Address::fromHex).toList();
    }
    return connection
        .local()
        .map(local ->
            local.workers().stream()
                .map(NetworkFile.WorkerEntry::account)
                .map(Address::fromHex)
                .toList())
        .orElse(List.of(session.account()));
  }
}
