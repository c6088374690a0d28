package io.smartnodes.validator.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.smartnodes.validator.ops.check.Finding;
import io.smartnodes.validator.ops.check.Finding.Level;
import io.smartnodes.validator.ops.check.Preflight;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at everything that a validator needs; changes nothing. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Looks at database, broker, keys, chain and contracts as the settings name them, and says"
            + " in one line each what is wrong. Changes nothing.",
    footer = {"", "Exit codes: 0 all well or warnings only, 1 a validator would not work."})
final class CheckCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Config config;
  private final PrintStream out;

  @Option(names = "--output", description = "text or json", defaultValue = "text")
  private DeadLettersCommand.Output output = DeadLettersCommand.Output.text;

  CheckCommand(Config config, PrintStream out) {
    this.config = config;
    this.out = out;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    List<Finding> findings = Preflight.run(config);
    boolean well = findings.stream().noneMatch(finding -> finding.level() == Level.PROBLEM);
    switch (output) {
      case text -> {
        for (Finding finding : findings) {
          out.printf("%s: %s: %s%n", level(finding), finding.area(), finding.text());
        }
        if (well) {
          out.println("a validator can start with these settings");
        }
      }
      case json ->
          out.println(
              JSON.writeValueAsString(
                  Map.of("ok", well, "findings", findings.stream().map(this::fields).toList())));
    }
    return well ? 0 : 1;
  }

  private Map<String, String> fields(Finding finding) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("level", level(finding));
    fields.put("area", finding.area());
    fields.put("text", finding.text());
    return fields;
  }

  private static String level(Finding finding) {
    return finding.level().name().toLowerCase(Locale.ROOT);
  }
}
