package dev.clerkmcp.transport.protocol;

import java.util.Map;

/** Results of the legacy era: nothing stands in them but what was asked for, and the mark. */
final class LegacyResultWriter implements ResultWriter {
  private final ServerInfo card;

  LegacyResultWriter(ServerInfo card) {
    this.card = card;
  }

  @Override
  public String of(String members, Map<String, Object> known) {
    if (known.isEmpty() && card.mark().isEmpty()) {
      return "{" + members + "}"; // as most are, of which the first should not wait
    }
    String meta = MetaText.members(card.mark(), known);
    return "{\"_meta\":{" + meta + "}," + members + "}";
  }

  @Override
  public String lasting(String members) {
    return of(members);
  }

  @Override
  public String passing(String members, Map<String, Object> known) {
    return of(members, known);
  }
}
