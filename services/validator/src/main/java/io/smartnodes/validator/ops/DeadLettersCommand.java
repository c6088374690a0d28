package io.smartnodes.validator.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.smartnodes.crypto.Hex;
import io.smartnodes.events.kafka.DeadLetter;
import io.smartnodes.events.kafka.DeadLetterLog;
import io.smartnodes.events.kafka.DeadLetterLog.Entry;
import io.smartnodes.events.kafka.KafkaSettings;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Events that a consumer could not process: lists and shows them, gives them to it again. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(list | show | replay)",
    description = "Lists, shows and replays events that a consumer could not process.")
final class DeadLettersCommand {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private DeadLettersCommand() {}

  static CommandLine line(Config config, PrintStream out) {
    return new CommandLine(new DeadLettersCommand())
        .addSubcommand(new ListThem(config, out))
        .addSubcommand(new Show(config, out))
        .addSubcommand(new Replay(config, out));
  }

  /** How answers are written. */
  enum Output {
    /** For people. */
    text,
    /** For programs. */
    json
  }

  /** What all of them need. */
  private abstract static class OfLog implements Callable<Integer> {
    final Config config;
    final PrintStream out;

    @Option(names = "--output", description = "text or json", defaultValue = "text")
    Output output = Output.text;

    @Option(names = "--consumer", description = "only of this consumer: UNIT.NAME")
    @Nullable String consumer;

    OfLog(Config config, PrintStream out) {
      this.config = config;
      this.out = out;
    }

    DeadLetterLog log() {
      return new DeadLetterLog(KafkaSettings.of(config));
    }

    List<Entry> entries() {
      return log().entries().stream()
          .filter(entry ->
              Optional.ofNullable(consumer).map(entry.letter().consumer()::equals).orElse(true))
          .toList();
    }

    void print(Object answer) throws JsonProcessingException {
      out.println(JSON.writeValueAsString(answer));
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "All that the broker keeps, the oldest first.")
  private static final class ListThem extends OfLog {
    ListThem(Config config, PrintStream out) {
      super(config, out);
    }

    @Override
    public Integer call() throws JsonProcessingException {
      List<Entry> entries = entries();
      if (output == Output.json) {
        print(entries.stream().map(entry -> fields(entry, false)).toList());
      } else if (entries.isEmpty()) {
        out.println("no dead letters");
      }
      if (output == Output.text) {
        for (Entry entry : entries) {
          DeadLetter letter = entry.letter();
          out.printf(
              "%s  %s  %s  %s  %s%s%n",
              letter.at(),
              letter.id().isEmpty() ? "(no event)" : letter.id(),
              letter.consumer(),
              letter.type().isEmpty() ? letter.topic() : letter.type(),
              letter.error(),
              entry.replayed() ? "  (replayed)" : "");
        }
      }
      return 0;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Everything about one event; it may have failed at several consumers.")
  private static final class Show extends OfLog {
    @Parameters(paramLabel = "ID", description = "the event's id")
    String id = "";

    Show(Config config, PrintStream out) {
      super(config, out);
    }

    @Override
    public Integer call() throws JsonProcessingException {
      List<Entry> found =
          entries().stream().filter(entry -> entry.letter().id().equals(id)).toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException("there is no dead letter of the event " + id);
      }
      if (output == Output.json) {
        print(found.stream().map(entry -> fields(entry, true)).toList());
      } else {
        for (Entry entry : found) {
          fields(entry, true).forEach((name, value) -> out.printf("%-10s %s%n", name, value));
        }
      }
      return 0;
    }
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description =
          "Gives events again to the consumers that failed, behind everything that is in their"
              + " topics; other consumers do not get them. Those that were replayed before are"
              + " left out unless named by --id.")
  private static final class Replay extends OfLog {
    @CommandLine.ArgGroup(multiplicity = "1")
    Which which = new Which();

    static final class Which {
      @Option(names = "--id", description = "the event with this id")
      @Nullable String id;

      @Option(names = "--all", description = "all")
      boolean all;
    }

    Replay(Config config, PrintStream out) {
      super(config, out);
    }

    @Override
    public Integer call() throws JsonProcessingException {
      List<DeadLetter> chosen =
          entries().stream()
              .filter(entry -> entry.letter().canBeReplayed())
              .filter(entry -> which.all ? !entry.replayed() : entry.letter().id().equals(which.id))
              .map(Entry::letter)
              .toList();
      if (chosen.isEmpty() && !which.all) {
        throw new IllegalArgumentException(
            "there is no dead letter of the event " + which.id + " that can be replayed");
      }
      if (!chosen.isEmpty()) {
        log().replay(chosen);
      }
      if (output == Output.json) {
        print(Map.of("replayed", chosen.stream().map(DeadLetter::id).toList()));
      } else {
        chosen.forEach(letter -> out.printf("%s: to %s again%n", letter.id(), letter.consumer()));
        if (chosen.isEmpty()) {
          out.println("nothing to replay");
        }
      }
      return 0;
    }
  }

  private static Map<String, Object> fields(Entry entry, boolean payload) {
    DeadLetter letter = entry.letter();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", letter.id());
    fields.put("type", letter.type());
    fields.put("createdAt", letter.createdAt());
    fields.put("key", letter.key());
    fields.put("consumer", letter.consumer());
    fields.put("reason", letter.reason());
    fields.put("error", letter.error());
    fields.put("topic", letter.topic());
    fields.put("partition", letter.partition());
    fields.put("offset", letter.offset());
    fields.put("attempts", letter.attempts());
    fields.put("at", letter.at().toString());
    fields.put("replayed", entry.replayed());
    if (payload) {
      fields.put("payload", Hex.encode(letter.payload().toByteArray()));
    }
    return fields;
  }
}
