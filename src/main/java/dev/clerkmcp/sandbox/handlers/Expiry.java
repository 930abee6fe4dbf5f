package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How objects of a kind come to their end: nothing happens at that time, they are only shown as
 * expired from then on.
 *
 * @param status the one that an end can come to
 * @param time the field with the time of the end, null in objects that have none
 */
record Expiry(String status, String time) {
  /** The row as it is to be shown at a time. */
  ObjectNode view(ObjectNode row, long now) {
    boolean over =
        row.path("status").asText().equals(status)
            && row.hasNonNull(time)
            && row.path(time).asLong() <= now;
    return over ? row.deepCopy().put("status", "expired") : row;
  }
}
