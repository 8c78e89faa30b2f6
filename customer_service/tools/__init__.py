from . import language, mail_headers
