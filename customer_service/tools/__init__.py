from . import language, mail_headers, mail_repair, text
