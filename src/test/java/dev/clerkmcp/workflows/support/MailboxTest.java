package dev.clerkmcp.workflows.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.clerk.model.EmailAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which addresses belong to the same mailbox. */
final class MailboxTest {
  @ParameterizedTest
  @CsvSource({
    "jane.doe@gmail.com, JaneDoe@GoogleMail.com, true",
    "jane.doe+shop@gmail.com, j.a.n.e.doe@gmail.com, true",
    "jane+a@example.com, Jane@example.com, true",
    "jane.doe@example.com, janedoe@example.com, false",
    "jane@example.com, jane@example.org, false",
    "+a@example.com, +b@example.com, false"
  })
  void spellingsOfOneMailboxAreEqual(String one, String other, boolean same) {
    assertThat(Mailbox.of(EmailAddress.of(one)).equals(Mailbox.of(EmailAddress.of(other))))
        .isEqualTo(same);
  }

  @Test
  void usualSpellingsAtGmailAreKnown() {
    assertThat(Mailbox.of(EmailAddress.of("jd.oe@gmail.com")).spellings())
        .contains("jdoe@gmail.com", "jdoe@googlemail.com", "j.doe@gmail.com", "j.do.e@gmail.com")
        .noneMatch(spelling -> spelling.contains("..") || spelling.contains(".@"));
    assertThat(Mailbox.of(EmailAddress.of("j.doe@example.com")).spellings())
        .containsExactly("j.doe@example.com");
  }
}
