// SPDX-License-Identifier: ISC
// Keys, messages and signatures from other sources: RFC 8037 appendix A, RFC 7515 appendices A.2
// and A.3, and OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace vectors {

inline const std::string ed25519_key =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
inline constexpr std::string_view ed25519_message =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
inline constexpr std::string_view ed25519_signature =
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

inline const std::string rsa_key =
    R"({"kty":"RSA","n":")"
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-"
    "Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-"
    "pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
    "bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"
    "UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-"
    "DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    R"(","e":"AQAB"})";
inline constexpr std::string_view rsa_message = "eyJhbGciOiJSUzI1NiJ9."
                                                "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogIm"
                                                "h0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
inline constexpr std::string_view rsa_signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-"
    "0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--"
    "f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-e"
    "OkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig"
    "cN_IoypGlUPQGe77Rw";

inline const std::string p256_key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
inline constexpr std::string_view p256_message = "eyJhbGciOiJFUzI1NiJ9."
                                                 "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogI"
                                                 "mh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
inline constexpr std::string_view p256_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// An RSA key of 8192 bits, exponent 65537, and the signature of `8192 bits` by
/// `openssl dgst -sha256 -sign`.
inline constexpr std::string_view large_modulus =
    "xGYRah20DukFGSU4el6rxnGPoJOtMhvo9omdC1y6oMDXYDvxkCoukZBKTiYdVMuLaGxSN_pU5RMvu9bVqvz0ainPaNfw"
    "90yY1iI7-9aSXZq1sx5Rl9HJy8YlYP5mZEwImnIrOF_BWocvNw0CNcCjPERO6E24Qf-3basZDeVAjgl6bjQF5tDAI-"
    "wzcJF_2TYw6RKSg33JMWl1OMUy5YAJf1ixh1M4vmz_6ChbZBTFnnxm6pnuMRYfCOcBB1Dv9_M0pJhTP-"
    "TDWw3O4l7FRXTbX6tM_9yFAAwVasR6pMhix9H461gdg--"
    "rgjXaH-L2RcfqwLEuB1WwwjU8GFeVuuO3kZ2vTOQfIujvErgJpDE0kjUPhLJ_G8lXPJzVjQtS-"
    "JU06stPn9_tRc3sgzNwgI-lDukfXfxpnRjBmNS2xvm298iB8JhzUUzE5RSnu-YXjsHTGdPZ5F8adczZTFR7Dfxo4Ti_N"
    "6bQEvTvgnp__BnqcwQybxUpQ0oNWHsgcgoG667578jC0bKkAIL8kuhGBVZP2w52HTv9HsHvxiGy_jKIaLs8o-"
    "JL0wBet5D1phC58Epi_Gffs-7TLdzYSBzWytb1633RpqUslO16u6ApZFilbArLI-JJGFoN4wjEJnulvxEslqI1oHE7Fe"
    "pwIUJFpiV8_eM9Gay72fgXDmYzL3oaWth1PdTjkP3UEHbW-"
    "1RCNMr7rdwud5ZyXRjedGE4IRvZdcup3qRiiYDcavPughqt8YsF2hfvuukQtGTA8lsxIGRfUGtrttavzcCUAJAobZDwh"
    "8KJIkl1SSaXncdH8BtoeQ0QMfIorkxL4Dfa7ZEgCgVCDgldGVoaskK98jhpyijn2dzJwJscVOxdXvoQ_VyvOblFu8sRb"
    "UNzhcJP_2HMWtkdqpqV87-nHCxuNZvVdU8W0xzbeefBExRjZiAY63aYKEMjLBfDajoY4H_5kJmHEZu5W-"
    "yW88JpgvYYSo-teNRDVaSjI9G_20-"
    "BmK432kKBPrxx5qNOlvOvK9jVozx0s7XMIM3GTyog2NvUEI9TDD7xdteB_5eMl5vyBEzSAr___yc7AQNtFgIbIPqXB3M"
    "3z0LxxLXktG-gCm8RIL1XKbvvdlOKJo4MTwtOu4-vk-nMyLissZliFz43PoA5gYYlS-"
    "k9wqoFFkBDCUAOwAlHVspi6ylzCUAZiqu6b6wj68AL64510P168Eg_ucAESHmt9i0uJcz8d1oA378rAgDYEfsN8nGnlb"
    "uSrVWaUG5qJxGzTsLEKuysAEqtw1iYG7DCwQZRMXGDYZQBL01m8-"
    "1t_zYwkZRELfm25dAspLMriMuf1hhrGjB_nQ00d1TlQLEth6Y8fv-1J-g8fuc0HQl68c5ZMQ";
inline constexpr std::string_view large_signature =
    "U7bTedRMIFj1vXCKrW6lgyCD6SysLCx-lkiKuBhD-CCWqVHMv8fB61IDrBl8dqweQ6C6I7rDiyjKfAHuXIkajJ9yn1-"
    "ewSOD3PQVwelEUCRzeSL7nPYBDNEN_NPvnPLyzGBHFbxiLxoIWGkAYDJ4aNHDOqz83TIvVoX_Oez86wUJf6g5dZSXH_0"
    "YfioONk6u4PThGCN2tuSMnJ9Wd-u-"
    "1VmYqz6yQOLWhDpbfjEKOynVr0Mb9NrK79kFF2uSNCu2zMA4LRp4FsJv5A736nuBe4UJsoWrfKutCHQXPuw_tmN9Qzff"
    "9xw51PvT0D_Cb6jTe04uufjuFQjVpE9Wq2hvSpQ_gIju9YnAumjIqwBtkjMX9Opff7o3HlH6QxMHjQIsncl46dtaSpdr"
    "s5Gb3xFRoGAMLHuVndwO3w2Ck3shXum4ESIXY5kBZDpK0WwQhG-azJuhFs4bxNL4XvN_uZWsuGIQsrV4tkrp2R7LPXqa"
    "O0htRxqx9R9eue3rVi56wPTTT25qL9fimOvlrOSrOFw4Oxv82Xkd2JlgA-"
    "G5gH6GXODf85wqXuOe0su9GWxycyIWRzvPBJS3IWwOKcbycCQXJX4Xgw-_Vq_xYSz8VI5TF7WTXRTpcA9SB4a9GlwX6d"
    "j3ayh8ln0ziCbIswycVrWYqRo7JgOvVOe0NHjkecSNHk1kAg3xrjIzNf96lG_G6mhga5ifh-"
    "EFy1wIQIxUhy_AutdzbEONUJB7t0mYlXKb-"
    "Tfnvy3vYZj47M0ZsDb64xFBSV4GAtkKPJSfIXFhsaLu70EO0QHB8HasduyNyU-"
    "PgI8C1ktYmTJR6MpolsZm9b3eUEpbLk97--ydc0pbRLbUOG8_IioNZPW8qZtvCl70FHii41xmQ7DVnbqohFN5cEc3qAx"
    "z9p9lqCuwK6oOrk6DtpfoAOcr1ztQaO6SAeELCZYhynkNZ1ZMLkm4eWpcCkYJeN35EWy0Rw6AdoTTuxeNQA3dIHBxWit"
    "ndOVJdEU5k1KiBoUJcXaJNUnUPOgHqBhzSpHToycFgLQzL1xMz8uItCS5wMl8SARPj_4M_csroaUfDC6LCqOeN5vr3UQ"
    "qAHfjujvHa02wEr1CiEBmWeL3ys8oggDulvTyrlP-rYaxq8nRvyvSSR5pXeuD0K_4IPWduTUZI9PGTB645wCQ89amY9N"
    "C0P0UJNyQ1Fs9kVftrp9p-"
    "ferrfWOYLIYT27zbyCpKkTlyY2G6RE3wkFMtJmsQDP1K0IGWXw6QyqQsqKv2S2FOGB3neMyZK4-"
    "S1h5ZSTo7jtq4kAxhiXPJdlhtSEgGOmksf_i3YdnDFIIU0VbQxrk0cNKnjrIs1TGJ5MhUnoEz632uYtkIs_0HczQbnNS"
    "0A";

/// Keys and tokens as tests/system/tokens.py makes them: from https://id.example.org, for
/// pop.example.org, about alice@example.org, until 2000000000.
inline const std::string openssl_keys =
    R"({"keys": [{"kty": "OKP", "crv": "Ed25519", )"
    R"("x": "_p2XqW7qElM2Taq08UdsTzGu553WghDmUibLQnUsWEo", "kid": "vec", "use": "sig", )"
    R"("alg": "EdDSA"}, {"kty": "RSA", "n": ")"
    "rChE2IHSMliFKwOhiAIx9zZLb_VV3OKFTTbErtR6y--0rMRUjoIIho4tg07WjuoF8Fifxkc_p-"
    "K_CAXqCyDrFUarN1uN-921RANyCdr0EAqveZ1TB-aWvNVfYoVXnqKhE4YzWImdWWUb0yB-AoeNse1gWXSpkE9ZUa82D-"
    "6YIAKChaZYIQVsxN38Axt6g8XzYmTIw8tfBjQ-68nb4fZlAUJ84C7A2HKTsJ4hupJ9MeWD89b_zEgqY-ZJf2t3sV5mTa"
    "zAOsSVlSXoHPGzHPXalxneSY2I3lxDjbQZ3o3_4RTyRydoY7-sOzj_Qeh8YVY_f5pvIFUZLY7dFe30FoMfUw"
    R"(", "e": "AQAB", "kid": "vec", "use": "sig", "alg": "RS256"}, {"kty": "EC", "crv": "P-256", )"
    R"("x": "7QjJsRm0l-7eTGmNX1j-0aOMJ1MZ_MamC-LApY76jJ0", )"
    R"("y": "4ux9EyS8CyFZ3KizJhLAvatgZP2RtetAX8FueRMZTqY", "kid": "vec", "use": "sig", )"
    R"("alg": "ES256"}]})";
inline constexpr std::string_view openssl_claims =
    "eyJpc3MiOiAiaHR0cHM6Ly9pZC5leGFtcGxlLm9yZyIsICJhdWQiOiAicG9wLmV4YW1wbGUub3JnIiwgImV4cCI6IDIw"
    "MDAwMDAwMDAsICJlbWFpbCI6ICJhbGljZUBleGFtcGxlLm9yZyJ9";
inline constexpr std::string_view openssl_tokens[][2] = {
    {"eyJhbGciOiAiRWREU0EiLCAia2lkIjogInZlYyJ9",
     "Jd-Hb53m4kBfZ5pI96ueNCQDfqyrfwYdHBMmtAlne8jZCmrNYr3j1MkWJZanQqpA2ruDo2ol6dm1LUr81gMBCw"},
    {"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogInZlYyJ9",
     "muh-rsdI4h7RIvTF3EUKG0EmAxtWLr5RMNW2q1XddrJfBWb08Ymm78qs70aL61maBrKN9Js6BEegO7HYwpZEkaP4elWp"
     "j9Z8TmgOoTacdI045N8kurw7fE8BRew_wKq6kvvW2_LuPkj6EJuW3jTzHOpd6dqRrWDEANw6DVy-_h_ecGLXPi-"
     "lhePtpFh6a20A0gbm7Ut5mjGPjlTGs9Vc5ZBKiK24yEYduz7TgcuvoZ3RFZHpyH5PCoGiVmsU-"
     "GuxzihtGUTeXUqkY7RL3Vt_kgg8mSD-bdLkJaNYSt9FnhZqpelZwfKWgHdW91dW17FV1xdyM6og1JTe63NUvTEIvQ"},
    {"eyJhbGciOiAiRVMyNTYiLCAia2lkIjogInZlYyJ9",
     "HIBdD8xD3WeriamjmpfDprZJP5Li8KV8uQfRo1Vk1e7mCS2p5rMNFHhTF7yxb4xtOLKaisDrYfDfNtGEV2iNpw"},
};

} // namespace vectors
