"""Put the desk together: settings of Flask, guards, pages."""

from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped] # ships no types

from web import decisions, deliveries, drafts, editions, fonts, images, people, profile, sign_in
from web.access import guard
from web.desk import Desk, keep_desk
from web.errors import answer_errors
from web.headers import add_headers
from web.page import add_words
from web.session import set_up_sessions
from web.throttle import throttle_sign_in

# A passage may have 5,000 characters; escaped in a form, Chinese takes nine bytes each.
LARGEST_REQUEST = 128 * 1024


def create_app(desk: Desk) -> Flask:
    """Return the desk as a WSGI application that works with `desk`."""
    app = Flask(__name__)
    keep_desk(app, desk)
    app.config.update(
        SECRET_KEY=desk.secret_key,
        TRUSTED_HOSTS=list(desk.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-squaredesk" if desk.secure_cookies else "squaredesk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=desk.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        # A form stays good as long as the session: nobody loses a text to a coffee break.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    set_up_sessions(app)
    app.before_request(guard)
    CSRFProtect(app)
    for page in (sign_in, profile, editions, drafts, decisions, deliveries, people, images, fonts):
        app.register_blueprint(page.blueprint)
    throttle_sign_in(app)
    add_words(app)
    add_headers(app)
    answer_errors(app)
    return app
