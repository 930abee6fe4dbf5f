package dev.clerkmcp.transport.protocol;

import java.util.Map;

/** How an era writes results: what stands in them beside what was asked for. */
interface ResultWriter {
  /** A result of the given members. */
  default String of(String members) {
    return of(members, Map.of());
  }

  /**
   * A result of the given members.
   *
   * @param known what else is known about it, for its {@code _meta}
   */
  String of(String members, Map<String, Object> known);

  /** One that stays as it is for as long as the server runs. */
  String lasting(String members);

  /** One that may be another at any time; {@code known} is as in {@link #of(String, Map)}. */
  String passing(String members, Map<String, Object> known);
}
