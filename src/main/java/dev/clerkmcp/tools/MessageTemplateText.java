package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** The text of an email or SMS, and who is named as its sender. */
public record MessageTemplateText(
    @Arg("Email only") @Nullable String subject,
    @Arg("With variables") @Nullable String body,
    @Arg("Email only, part before @") @Nullable String fromEmailName,
    @Arg("Email only, part before @") @Nullable String replyToEmailName) {}
