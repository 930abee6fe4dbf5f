package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** Somebody to be put on the waitlist. */
public record WaitlistEntryDraft(
    @Arg("Who waits") String emailAddress,
    @Arg("Confirm by email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail) {}
