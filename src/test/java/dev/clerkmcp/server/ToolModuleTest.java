package dev.clerkmcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.Golden;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Access;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolIndexReader;
import dev.clerkmcp.registry.ToolIndexWriter;
import dev.clerkmcp.registry.ToolRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the tool definitions: catalogue file, rules and sizes. */
public final class ToolModuleTest {
  private static final int BYTES_PER_TOKEN = 4;
  private static final Path SNAPSHOTS = Path.of("src/test/resources/dev/clerkmcp/tools");
  private static final DefaultPrettyPrinter READABLE =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));
  private static final ToolRegistry REGISTRY =
      ToolModule.registry(FakeClerk.answering("{}").client());

  /** Arguments of many tools, which the server's instructions describe once. */
  private static final Set<String> OPTIONS =
      Set.of("all", "clear", "confirmation", "count", "dry_run", "export", "fields");

  static final List<ToolDefinition> TOOLS = List.copyOf(REGISTRY.tools());

  @Test
  void catalogFileIsCurrent() throws IOException {
    String lines =
        TOOLS.stream().map(t -> ToolIndexWriter.of(t) + "\n").collect(Collectors.joining());
    Golden.assertMatches(Path.of("src/main/resources/dev/clerkmcp/catalog.jsonl"), lines);
  }

  /** One file for each tool, since the lines of the catalogue are too long for a review. */
  @Test
  void snapshotsAreCurrent() throws IOException {
    Map<Path, String> current = new TreeMap<>();
    for (ToolDefinition tool : TOOLS) {
      ObjectNode entry = (ObjectNode) Json.read(ToolIndexWriter.of(tool));
      entry.remove("bytes");
      current.put(
          SNAPSHOTS.resolve(tool.group()).resolve(tool.name() + ".json"),
          Json.MAPPER.writer(READABLE).writeValueAsString(entry) + "\n");
    }
    for (Path file : snapshots()) {
      if (!current.containsKey(file) && Golden.UPDATE) {
        Files.delete(file);
      }
    }
    for (Map.Entry<Path, String> snapshot : current.entrySet()) {
      Golden.assertMatches(snapshot.getKey(), snapshot.getValue());
    }
    assertThat(snapshots()).containsExactlyElementsOf(current.keySet());
  }

  private static List<Path> snapshots() throws IOException {
    if (!Files.exists(SNAPSHOTS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(SNAPSHOTS)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The largest number of tokens that a toolset's list may take; an empty name is the default. */
  @ParameterizedTest
  @MethodSource("toolsets")
  void toolsetFitsItsBudget(String toolset) throws ToolFilter.UnknownName {
    List<ToolIndexEntry> listed = listed(toolset);
    int budget =
        switch (toolset) {
          case "all" -> 48_000;
          case "none" -> 1_500;
          default -> 8_000;
        };
    assertThat(tokens(listed)).as(toolset).isLessThanOrEqualTo(budget);
    assertThat(listed).extracting(ToolIndexEntry::name).isSorted().contains("clerk_tools_search");
  }

  @Test
  void coreHasFewTools() throws ToolFilter.UnknownName {
    assertThat(listed("core")).hasSizeLessThanOrEqualTo(55);
    assertThat(listed("none")).hasSize(3);
  }

  @Test
  void everyOperationHasTool() throws ToolFilter.UnknownName {
    assertThat(listed("all")).hasSize(REGISTRY.tools().size());
    assertThat(TOOLS.stream().filter(tool -> tool.group().equals(ToolFilter.DEPRECATED)))
        .hasSize(14);
  }

  public static Set<String> toolsets() {
    return ToolFilter.toolsetsOf(ToolIndexReader.entries());
  }

  /** The listed tools of a toolset, including deprecated ones. */
  public static List<ToolIndexEntry> listed(String toolset) throws ToolFilter.UnknownName {
    return ToolFilter.of(
            ToolIndexReader.entries(),
            new ToolFilter.Choice(
                List.of(toolset),
                List.of(),
                List.of(),
                true,
                new Access(
                    Access.Level.FULL, true, "CLERK_MCP_ACCESS", "CLERK_MCP_ALLOW_IRREVERSIBLE")))
        .listed();
  }

  /** The size of a list in a host's estimate. */
  public static int tokens(List<ToolIndexEntry> listed) {
    int bytes =
        listed.stream().mapToInt(l -> l.tool().getBytes(StandardCharsets.UTF_8).length + 1).sum();
    return bytes / BYTES_PER_TOKEN;
  }

  @Test
  void namesAndAliasesAreUnique() {
    Set<String> seen = new HashSet<>();
    for (ToolDefinition tool : TOOLS) {
      assertThat(seen.add(tool.name())).as(tool.name()).isTrue();
      for (String alias : tool.aliases()) {
        assertThat(seen.add(alias)).as(alias).isTrue();
        assertThat(REGISTRY.find(alias)).isSameAs(tool);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TOOLS")
  void toolKeepsTheRules(ToolDefinition tool) throws IOException {
    JsonNode shown = shown(tool);
    assertThat(tool.name()).matches("clerk(_[a-z0-9]+){2,}").hasSizeLessThanOrEqualTo(40);
    assertThat(tool.description()).matches("(?s)[A-Z].*\\.").hasSizeLessThanOrEqualTo(200);
    assertThat(tool.title()).matches("[A-Z][A-Za-z ]+[a-z]").hasSizeLessThanOrEqualTo(40);
    assertThat(shown.toString().getBytes(StandardCharsets.UTF_8).length / BYTES_PER_TOKEN)
        .isLessThanOrEqualTo(850);
    assertThat(shown.at("/annotations").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint");
    assertPortable(shown.path("inputSchema"));
  }

  @Test
  void pluralResourcesAreListedOrCounted() {
    for (ToolDefinition tool : TOOLS) {
      String name = tool.name();
      if (name.endsWith("_list") || name.endsWith("_count")) {
        assertThat(name).matches("clerk_.*s_(list|count)");
      }
    }
  }

  private static JsonNode shown(ToolDefinition tool) throws IOException {
    return Json.read(ToolIndexWriter.of(tool)).path("tool");
  }

  /** Checks that a schema has types and descriptions, and no keywords that some hosts reject. */
  private static void assertPortable(JsonNode schema) {
    assertThat(schema.path("type").asText())
        .isIn("object", "array", "string", "integer", "number", "boolean");
    assertThat(schema.fieldNames())
        .toIterable()
        .isSubsetOf(
            "type",
            "description",
            "properties",
            "required",
            "items",
            "enum",
            "minimum",
            "maximum",
            "maxItems");
    if (schema.path("type").asText().equals("array")) {
      assertPortable(schema.path("items"));
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              assertThat(property.getKey()).matches("[a-z0-9_]+");
              if (!OPTIONS.contains(property.getKey())) {
                assertThat(property.getValue().path("description").asText())
                    .as(property.getKey())
                    .isNotBlank();
              }
              assertPortable(property.getValue());
            });
  }
}
