# SPDX-License-Identifier: ISC
"""A Dovecot passwd-file works without changes; hashes that are too weak are refused, and the log
says how to replace them."""

import harness
from harness import Session, SiteTest, needs_root

# Hashes of the password below, made by `doveadm pw` and mkpasswd.
PASSWORD = "correct horse"
SCRAM = ("{SCRAM-SHA-256}4096,Vhx9cimdupYwvmDiY4cilw==,MwCfpT5tkTRp/utWoVHfKiFplnCuovoxcQcNOUHljNY=,"
         "45Rih0jVgC+SiYVhxswOKp69JJYORasZZBAdLTAKZ14=")
STRONG = {
    "argon2id": "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$LI74RVhF9xYV2X4Mjl1gKA$"
                "ac+m7prsMTC7BEWv17t85ZCqXZNdGOZtZXd1YVCTouU",
    "sha512": "{SHA512-CRYPT}$6$FJm5yi1RwuX.akH8$rIe2fya69LV8KMJdyQ0coLK3IKhHEw.7Lzt5SdSGUWjz4v."
              "cn51JS7auBh7mFZ.zlnTiL0eqZPRAvTUKba2XG.",
    "sha256": "{SHA256-CRYPT}$5$IAW8goUURWLjUf.Z$xLLgN10GLSMrzv2Xw5CsuWFfyiA6oeCtauyuTKBkEb6",
    "blf": "{BLF-CRYPT}$2y$05$LgKsAIeV9FPB/sWmKOH45u.TyeSvFZL4niJUgqztqyXpYfQM1Ggjm",
    "crypt": "{CRYPT}$2y$05$PuG4H9JIjC5frhU8jAfYy.VEPBDZtV7vNv3VyAkL5O1AUTey4H1F.",
    "yescrypt": "{CRYPT}$y$j9T$0./rh7v7o54sljsZxINNs/$0b0lxDzc5dupzlBmHQsKN7LuVkhLS91RHzgYCCTz6F.",
    "gost": "$gy$j9T$SOA5T/lnVFHTULE/7GHrM1$aAgvbHx9NHodb0W0h6VDL5dkhPtK2BLYlfwLp6V.L.A",
    "scrypt": "$7$CU..../....DiotC4xLrQBxMVFIXujAK1$uMkHQSGCyQS1/NRkxjKM04TTBElVze.X7Zw.hlJO3Q5",
    "bare": "$6$ab$taQi2R/p.00nDn/0OiJ.5VXxxXle4RnNFdp1MRTAv1YDfnWjTzvJxb43j8XusV1GVxGhgSwzDrEJhwBIxUw"
            ".Q/",
    "scram": SCRAM,
}
WEAK = {
    "plain": "{PLAIN}correct horse",
    "md5": "{MD5-CRYPT}$1$W/P.tbBp$Xqz51EI./df5Dt6UHlsGf1",
    "des": "{CRYPT}ahk6T6RyhAihg",
    "ssha": "{SSHA}wMYH3KtWkS5fvlKzi+W4K4WPjKd0bD34",
}


class Schemes(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.add_user("alice", [b"hers\n"])
        self.rest = self.site.users_file.read_text().strip().split(":", 2)[2]

    def write_users(self, hashes):
        """Writes one user for each hash, all with the mail of alice."""
        self.site.configure(maildir=self.site.maildir())
        self.site.users_file.write_text("".join(
            f"{name}:{stored}:{self.rest}\n" for name, stored in hashes.items()))

    def login(self, name, password=PASSWORD):
        with Session(self.site) as session:
            reply = session.login(name, password)
            if reply.startswith(b"+OK"):
                self.assert_ok(session.command("QUIT"))
            return reply

    def test_a_Dovecot_passwd_file_logs_in_as_it_is(self):
        self.write_users(STRONG)
        for name in STRONG:
            with self.subTest(name):
                self.assertIn(b"1 message", self.assert_ok(self.login(name)))
                self.assert_err(self.login(name, PASSWORD + "x"), "AUTH")
        self.assertEqual(len(self.site.log_lines("login")), len(STRONG))
        self.assertEqual(self.site.log_lines("unavailable"), [])

    def test_a_weak_scheme_is_refused_and_the_log_says_how_to_replace_it(self):
        self.write_users(WEAK | {"encoded": "{SHA512-CRYPT.B64}JDYk", "bad": "{BLF-CRYPT}$2y$03$x"})
        for name in WEAK:
            with self.subTest(name):
                self.assert_err(self.login(name), "AUTH")
                line = self.site.wait_for_event("login-failed", reason="weak-scheme", user=name)
                self.assertIn("`sodapop user password NAME`", line)
        self.assert_err(self.login("encoded"), "AUTH")
        self.site.wait_for_event("login-failed", reason="unknown-scheme", user="encoded")
        self.assert_err(self.login("bad"), "AUTH")
        self.site.wait_for_event("login-failed", reason="malformed-hash", user="bad")

    def test_what_costs_too_much_is_not_computed(self):
        self.write_users({
            "blf": "$2y$31$" + "." * 53, "sha512": "$6$rounds=999999999$s$" + "." * 86,
            "yescrypt": "$y$jFT$ab.1$" + "." * 43, "scram": SCRAM.replace("4096", "4294967295")})
        for name in ("blf", "sha512", "yescrypt", "scram"):
            self.assert_err(self.login(name), "AUTH")
            self.site.wait_for_event("login-failed", reason="hash-too-costly", user=name)

    @needs_root
    def test_the_state_directory_is_made_for_root_alone(self):
        self.assert_ok(self.login("alice", harness.PASSWORD))
        self.assertEqual((self.site.root / "state").stat().st_mode & 0o7777, 0o700)

    def test_a_state_directory_that_cannot_be_made_keeps_nobody_out(self):
        self.site.configure(state_directory="/proc/sodapop/state")
        self.assert_ok(self.login("alice", harness.PASSWORD))


if __name__ == "__main__":
    harness.main()
