package dev.clerkmcp.interceptor.audit;

import java.time.Instant;

/**
 * A change that was made, with what is needed to put it back. No secret is in it.
 *
 * @param id what answers and the audit log call it
 * @param target what was changed, in a person's terms
 */
public record RecordedChange(
    String id, Instant time, String instance, String target, Change change) {}
