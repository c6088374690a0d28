package io.smartnodes.cli.governance;

import io.smartnodes.chain.contracts.Proposal;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.terminal.AddressConverter;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smartnodes governance propose}. */
@Command(
    name = "propose",
    mixinStandardHelpOptions = true,
    description =
        "Proposes a change. All options of one command make one proposal. '--settings' lists what"
            + " can be set, with units and bounds.",
    footer = {
      "",
      "Examples:",
      "  smartnodes governance propose --set feeBasisPoints=200",
      "  smartnodes governance propose --set minimumStake=2000000000000000000000 \\",
      "      --set unbonding=1209600 --description 'Fewer, larger stakes'",
      "  smartnodes governance propose --pause 86400",
      "  smartnodes governance propose --call 0x5fbd…:0x8456cb59",
      "  smartnodes governance propose --settings",
      "",
      "Exit codes: 0 proposed, 1 refused, 2 wrong usage."
    })
final class ProposeCommand implements Callable<Integer> {
  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "change a setting; values are whole numbers of its unit")
  private Map<String, String> changes = new LinkedHashMap<>();

  @Option(
      names = "--pause",
      paramLabel = "SECONDS",
      description = "stop executions and deposits; at most 7 days a quarter")
  private @Nullable Long pause;

  @Option(names = "--unpause", description = "end a pause")
  private boolean unpause;

  @Option(
      names = "--approve-asset",
      paramLabel = "ASSET=RATE",
      description = "accept deposits of an ERC-20; rate in SNO wei per 10^18 smallest units")
  private Map<String, BigInteger> approved = new LinkedHashMap<>();

  @Option(
      names = "--disapprove-asset",
      paramLabel = "ASSET",
      converter = AddressConverter.class,
      description = "accept no more deposits of it")
  private @Nullable Address disapproved;

  @Option(
      names = "--call",
      paramLabel = "TARGET:CALLDATA",
      description = "any call, both in hexadecimal")
  private @Nullable String call;

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "what voters read (default: made of the changes)")
  private String description = "";

  @Option(names = "--settings", description = "list what can be set, and propose nothing")
  private boolean settings;

  @Mixin private Connection connection = new Connection();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    if (settings) {
      list();
      return ExitCode.OK;
    }
    if (changes.isEmpty()
        && pause == null
        && !unpause
        && approved.isEmpty()
        && disapproved == null
        && call == null) {
      throw new UsageProblem("nothing is proposed: see --set, --pause, --call and --settings");
    }
    changes.forEach((name, value) -> Setting.named(name).parse(value));
    var chain = connection.chain();
    Governance governance = new Governance(chain);
    Governance.Motion motion = governance.propose(proposal(new Drafting(chain.contracts())));
    Map<String, Object> facts = GovernanceCommand.facts(governance, motion);
    facts.put("next", GovernanceCommand.next(governance, motion));
    output.show(facts);
    return ExitCode.OK;
  }

  private Proposal proposal(Drafting draft) {
    draft.set(changes);
    Long seconds = pause;
    if (seconds != null) {
      draft.pause(Duration.ofSeconds(seconds));
    }
    if (unpause) {
      draft.unpause();
    }
    approved.forEach((asset, rate) -> draft.approveAsset(Address.fromHex(asset), new Amount(rate)));
    Address asset = disapproved;
    if (asset != null) {
      draft.disapproveAsset(asset);
    }
    String raw = call;
    if (raw != null) {
      int colon = raw.indexOf(':');
      if (colon < 0) {
        throw new UsageProblem("--call: target and calldata, with a colon between them");
      }
      draft.call(Address.fromHex(raw.substring(0, colon)), Bytes.fromHex(raw.substring(colon + 1)));
    }
    return draft.finish(description);
  }

  private void list() throws java.io.IOException {
    if (output.isJson()) {
      Map<String, Object> all = new LinkedHashMap<>();
      for (Setting setting : Setting.values()) {
        all.put(
            setting.text(),
            Map.of(
                "unit", setting.unit(),
                "least", setting.least().toString(),
                "most", setting.most().toString()));
      }
      output.print(all);
      return;
    }
    Terminal terminal = output.terminal();
    for (Setting setting : Setting.values()) {
      terminal.plain(
          String.format(
              Locale.ROOT,
              "%-18s %s to %s, in %s",
              setting.text(),
              setting.least(),
              setting.most(),
              setting.unit()));
    }
  }
}
